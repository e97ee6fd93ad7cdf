import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'

import type { XrayBody } from '#chaos/contracts/api.ts'
import { projectRoot } from '#chaos/home/home.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { liveFileName } from '#chaos/xray/live/live-line.ts'

const entry = join(projectRoot, 'chaos', 'cli', 'unhappy.js')
const lookEveryMs = 50
/** Of what it complains about, so much is kept: the end says why. */
const complaintsMax = 4_000
/** What it may take to put its sandboxes away before it is killed; their keepers then do it. */
const graceMs = 40_000

/** An X-ray that was started here. Disposing stops it and resolves when everything of it is down. */
export interface StartedXray extends AsyncDisposable {
  /** Resolves when its process has ended and its sandboxes are down. */
  readonly ended: Promise<void>
}

/**
 * Starts `unhappy xray` with sandboxes of its own, and returns when it writes down what it does. It is tethered: when this
 * process dies, however it dies, it takes its sandboxes down and ends. Throws {@link InputError} when it does not start.
 */
export async function startXray(
  request: XrayBody,
  options: { readonly home: string; readonly folder: string; readonly clock: Clock },
): Promise<StartedXray> {
  const { home, folder, clock } = options
  const child = spawn(process.execPath, [entry, 'xray', ...argumentsOf(request, folder)], {
    // A process group of its own: Ctrl-C is for us, and we then tell it in order.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    cwd: projectRoot,
    env: { ...process.env, UNHAPPY_HOME: home, UNHAPPY_SLOT: '', UNHAPPY_EPHEMERAL: '' },
  })
  let complaints = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-complaintsMax)
  })
  const ended = once(child, 'close').then(
    () => undefined,
    (error: unknown) => {
      complaints = String(error)
    },
  )
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null
  const started: StartedXray = {
    ended,
    [Symbol.asyncDispose]: async () => {
      if (!isOver()) child.kill('SIGTERM')
      const patience = new AbortController()
      const tooLong = clock.sleep(graceMs, patience.signal).then(
        () => child.kill('SIGKILL'),
        () => undefined,
      )
      await ended
      patience.abort()
      await tooLong
    },
  }
  while (!isOver()) {
    if (await isThere(join(folder, liveFileName))) return started
    await Promise.race([clock.sleep(lookEveryMs), ended])
  }
  await ended
  throw new InputError(`The X-ray did not start: ${lastWords(complaints)}`)
}

function argumentsOf({ flow, mode, lab, version }: XrayBody, folder: string): string[] {
  return [
    flow,
    '--no-color',
    '--out',
    folder,
    ...(mode === 'quick' ? ['--quick'] : []),
    ...(lab === undefined ? [] : ['--lab', lab]),
    ...(version === undefined ? [] : ['--version', version]),
  ]
}

function lastWords(complaints: string): string {
  const lines = complaints.trim().split('\n')
  return lines.slice(-3).join(' ') || 'it said nothing'
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}
