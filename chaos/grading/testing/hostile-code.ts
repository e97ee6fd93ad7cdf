import type { GradeOutcome } from '../grade.ts'

/** What hostile code tries to reach on the machine that grades it. */
export interface Prey {
  /** A file that it must not read or change. */
  readonly file: string
  /** A port of this machine. */
  readonly port: number
  /** A process of this machine. */
  readonly pid: number
}

/** Code, and the grade that it gets. */
export interface HostileCode {
  readonly code: (prey: Prey) => string
  readonly outcomes: readonly GradeOutcome[]
  /** What the headline of the grade says. */
  readonly reason: RegExp
}

/** Refused before it runs in an instance. */
const refused = (reason: RegExp, code: HostileCode['code']): HostileCode => ({
  code,
  outcomes: ['broken'],
  reason,
})

/** It loads. Later it breaks the instances or the sandbox: how far a run comes depends on the machine. */
const breaks = (code: HostileCode['code']): HostileCode => ({
  code,
  outcomes: ['broken', 'violated'],
  reason: /\S/,
})

/** Tries each statement. If one succeeds, the code loads; if all fail, it fails with what they said. */
function allFail(imports: string, statements: readonly string[]): string {
  const tries = statements.map((statement) => `async () => { ${statement} }`)
  return `${imports}
const refusals: string[] = []
for (const attempt of [${tries.join(',\n')}])
  try { await attempt(); refusals.length = 0; break } catch (error) { refusals.push(String(error)) }
if (refusals.length > 0) throw new Error(refusals.join('; '))`
}

/** What it does, by name. Each is added to a right fix, so only what it does can make its grade worse. */
export const hostileCode: Readonly<Record<string, HostileCode>> = {
  'loops-while-loading': refused(/load/, () => 'for (;;) {}'),
  'waits-while-loading': refused(
    /load/,
    () => 'await new Promise(() => setInterval(() => {}, 1_000))',
  ),
  'exits-while-loading': refused(/ended the process/, () => 'process.exit(0)'),
  'loops-after-a-second': breaks(() => 'setTimeout(() => { for (;;) {} }, 1_000)'),
  'exits-after-a-second': breaks(() => 'setTimeout(() => process.exit(0), 1_000)'),
  'deletes-files': refused(/restricted/, ({ file }) =>
    allFail("import fs from 'node:fs'", [
      `fs.rmSync(${JSON.stringify(file)})`,
      "fs.rmSync(process.cwd() + '/package.json')",
      "fs.rmSync('/tmp', { recursive: true })",
    ]),
  ),
  'writes-through-sqlite': refused(/database|restricted/, ({ file }) =>
    allFail("import { DatabaseSync } from 'node:sqlite'", [
      `new DatabaseSync(${JSON.stringify(`${file}.sqlite`)}).exec('CREATE TABLE a (b)')`,
    ]),
  ),
  'opens-the-network': refused(/ECONNREFUSED.*ENETUNREACH/, ({ port }) =>
    allFail(
      `import net from 'node:net'
const reach = async (to: net.NetConnectOpts): Promise<void> =>
  await new Promise((resolve, reject) => net.connect(to, resolve).on('error', reject))`,
      [
        `await reach({ port: ${port}, host: '127.0.0.1' })`,
        "await reach({ port: 53, host: '192.0.2.1' })",
        "await reach({ path: '/var/run/docker.sock' })",
      ],
    ),
  ),
  forks: refused(/restricted/, () =>
    allFail("import { spawn } from 'node:child_process'", [
      "spawn(process.execPath, ['-e', 'setInterval(() => {}, 1)'], { detached: true })",
    ]),
  ),
  'fills-the-disk': refused(/restricted/, () =>
    allFail(
      "import fs from 'node:fs'",
      [
        "'/tmp'",
        "'/var/tmp'",
        'process.cwd()',
        "process.cwd() + '/.unhappy/grading'",
        "'/cell'",
      ].map((folder) => `fs.writeFileSync(${folder} + '/full', Buffer.alloc(2 ** 28))`),
    ),
  ),
  'fills-the-memory': breaks(
    () => `const kept: Buffer[] = []
setTimeout(() => { for (;;) kept.push(Buffer.alloc(2 ** 26, 1)) }, 1_000)`,
  ),
  'prints-garbage': {
    // Output goes to a log of limited size, and decides nothing.
    ...breaks(
      () =>
        `setTimeout(() => { for (let i = 0; i < 20_000; i++) process.stdout.write('\\u0007{"report":'.repeat(1_000)) }, 500)`,
    ),
    outcomes: ['broken', 'violated', 'held'],
  },
  'kills-everything': breaks(
    ({ pid }) =>
      `setTimeout(() => { for (const pid of [${pid}, -1]) try { process.kill(pid, 'SIGKILL') } catch {} }, 1_000)`,
  ),
}
