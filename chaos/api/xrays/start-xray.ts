import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'

import type { XrayBody } from '#chaos/contracts/api.ts'
import { projectRoot, usersFolder } from '#chaos/home/home.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { liveFileName } from '#chaos/xray/live/live-line.ts'
import { sandboxesDefault } from '#chaos/xray/xray-sandbox.ts'

const entry = join(projectRoot, 'chaos', 'cli', 'unhappy.js')
const pollMs = 50
/** How many characters of standard error are kept: the last lines say why the start failed. */
const standardErrorMax = 4_000
/** Time for the X-ray to take its sandboxes down. After that it is killed, and their keepers take them down. */
const graceMs = 40_000

/** An X-ray that this controller started. Disposing stops it and resolves when its sandboxes are down. */
export interface StartedXray extends AsyncDisposable {
  /** Resolves when its process has ended and its sandboxes are down. */
  readonly ended: Promise<void>
}

/**
 * Starts `unhappy xray` with its own sandboxes. Returns when it writes its first progress. It is tethered to this process:
 * when this process dies, it takes its sandboxes down and ends. Throws {@link InputError} when it does not start.
 */
export async function startXray(
  request: XrayBody,
  options: { readonly home: string; readonly folder: string; readonly clock: Clock },
): Promise<StartedXray> {
  const { home, folder, clock } = options
  const child = spawn(process.execPath, [entry, 'xray', ...argumentsOf(request, folder)], {
    // A separate process group: Ctrl-C reaches only this process, which then stops the X-ray with SIGTERM.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    cwd: usersFolder,
    env: { ...process.env, UNHAPPY_HOME: home, UNHAPPY_SLOT: '', UNHAPPY_EPHEMERAL: '' },
  })
  let standardError = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    standardError = (standardError + text).slice(-standardErrorMax)
  })
  const ended = once(child, 'close').then(
    () => undefined,
    (error: unknown) => {
      standardError = String(error)
    },
  )
  const isEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
  const started: StartedXray = {
    ended,
    [Symbol.asyncDispose]: async () => {
      if (!isEnded()) child.kill('SIGTERM')
      const stopped = new AbortController()
      const killing = clock.sleep(graceMs, stopped.signal).then(
        () => child.kill('SIGKILL'),
        () => undefined,
      )
      await ended
      stopped.abort()
      await killing
    },
  }
  while (!isEnded()) {
    if (await fileExists(join(folder, liveFileName))) return started
    await Promise.race([clock.sleep(pollMs), ended])
  }
  await ended
  throw new InputError(`The X-ray did not start: ${lastLines(standardError)}`, {
    remedy: 'Run it in a terminal to see all its output: npx unhappy xray',
  })
}

function argumentsOf(request: XrayBody, folder: string): string[] {
  const { flow, mode, lab, version, exerciseDir, off, only, file, retry, budgetMs } = request
  return [
    file?.path ?? flow,
    ...(retry === true ? ['--retry'] : []),
    ...(budgetMs === undefined ? [] : ['--budget', `${Math.round(budgetMs)}ms`]),
    '--no-color',
    '--out',
    folder,
    ...(mode === 'quick' ? ['--quick'] : []),
    ...(lab === undefined ? [] : ['--lab', lab]),
    ...(version === undefined ? [] : ['--version', version]),
    ...(exerciseDir === undefined ? [] : ['--exercise', exerciseDir]),
    ...(off === undefined ? [] : ['--off', off.join(',')]),
    ...(only === undefined ? [] : ['--only', only.join(',')]),
    // Its own sandboxes, even while a sandbox in Docker runs.
    '--sandboxes',
    String(sandboxesDefault),
  ]
}

function lastLines(text: string): string {
  const lines = text.trim().split('\n')
  return lines.slice(-3).join(' ') || 'it printed no error'
}

async function fileExists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}
