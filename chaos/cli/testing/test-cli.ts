import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { projectRoot } from '#chaos/home/home.ts'

const entry = join(projectRoot, 'chaos', 'cli', 'unhappy.js')

export interface CliResult {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningCli {
  readonly process: ChildProcess
  readonly result: Promise<CliResult>
  /** The output until now. */
  stdout(): string
  stderr(): string
}

/** The real CLI with its own home folder: no other sandbox and no other progress is visible. */
export interface TestCli extends AsyncDisposable {
  readonly home: string
  start(args: readonly string[], options?: CliOptions): RunningCli
  run(args: readonly string[], options?: CliOptions): Promise<CliResult>
}

export interface CliOptions {
  readonly environment?: Readonly<Record<string, string>>
  /** The Node that runs the entry file. */
  readonly node?: string
  readonly cwd?: string
}

export async function createTestCli(): Promise<TestCli> {
  // Seam files import #services/..., so they must be inside the project, like my-work/.
  await mkdir(join(projectRoot, '.unhappy'), { recursive: true })
  const home = await mkdtemp(join(projectRoot, '.unhappy', 'test-cli-'))
  const start: TestCli['start'] = (args, options = {}) => {
    const child = spawn(options.node ?? process.execPath, [entry, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: options.cwd ?? projectRoot,
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        TMPDIR: process.env['TMPDIR'],
        UNHAPPY_HOME: home,
        UNHAPPY_PROGRAM: 'unhappy',
        ...options.environment,
      },
    })
    return watch(child)
  }
  return {
    home,
    start,
    run: async (args, options) => start(args, options).result,
    [Symbol.asyncDispose]: async () => {
      await start(['down', '--all']).result
      await rm(home, { recursive: true, force: true })
    },
  }
}

function watch(child: ChildProcess): RunningCli {
  let [stdout, stderr] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const result = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status, signal) => resolve({ status, signal, stdout, stderr }))
  })
  return { process: child, result, stdout: () => stdout, stderr: () => stderr }
}
