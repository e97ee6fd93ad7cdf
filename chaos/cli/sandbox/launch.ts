import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open } from 'node:fs/promises'
import { getCompileCacheDir } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { createApiClient } from '#chaos/api/client/api-client.ts'
import type { ApiClient } from '#chaos/api/client/api-client.ts'
import { fromApiError } from '#chaos/api/client/from-api-error.ts'
import type { ControllerMessage } from '#chaos/api/process/parent-channel.ts'
import type { SandboxFile } from '#chaos/contracts/api.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { Cli } from '../cli.ts'
import { complaintsIn, complaintsOf } from './complaints.ts'
import type { Complaints } from './complaints.ts'

const controllerMain = fileURLToPath(new URL('../../api/main.ts', import.meta.url))
/** What a controller may take to put everything away before it is killed. */
const graceMs = 20_000

/** How a controller has ended. */
export type End = { readonly inOrder: true } | { readonly inOrder: false; readonly how: string }

/** Who starts a sandbox. */
export type Launcher = Pick<Cli, 'home' | 'slot' | 'clock' | 'signal'>

export interface LaunchedSandbox extends AsyncDisposable {
  readonly client: ApiClient
  /** Resolves when the controller has ended, by itself or because it was told to. */
  readonly ended: Promise<End>
  /** Lets it live on without us. */
  detach(): void
}

export interface LaunchOptions {
  /** Made for one command: nobody else's command finds it. */
  readonly ephemeral: boolean
  /** Will be left alone: writes to a log file instead of our terminal. */
  readonly detached: boolean
  onProgress(text: string): void
}

/**
 * Starts a controller and waits until its shop is ready. It is tethered: when this process dies, however it dies, the
 * controller takes everything down.
 */
export async function launchSandbox(
  cli: Launcher,
  options: LaunchOptions,
): Promise<LaunchedSandbox> {
  cli.signal.throwIfAborted()
  await mkdir(cli.home.sandboxes, { recursive: true })
  const logPath = join(cli.home.sandboxes, 'controller.log')
  await using log = options.detached ? await open(logPath, 'a', 0o600) : undefined
  const child = spawn(process.execPath, [controllerMain], {
    // A process group of its own: Ctrl-C is for us, and we then tell it in order.
    detached: true,
    stdio: ['ignore', log?.fd ?? 'ignore', log?.fd ?? 'pipe', 'ipc'],
    env: {
      ...process.env,
      // Half the time until it listens.
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? getCompileCacheDir() ?? '',
      UNHAPPY_HOME: cli.home.folder,
      UNHAPPY_EPHEMERAL: options.ephemeral ? '1' : '',
      UNHAPPY_SLOT: cli.slot === undefined ? '' : String(cli.slot),
    },
  })
  const complaints =
    log === undefined ? complaintsOf(child) : complaintsIn(logPath, (await log.stat()).size)
  const ended = endOf(child, complaints)
  const abort = (): void => void child.kill('SIGTERM')
  cli.signal.addEventListener('abort', abort)
  try {
    const file = await ready(child, options, ended)
    return launched(child, file, cli, ended)
  } catch (error) {
    await stop(child, ended, cli)
    throw error
  } finally {
    cli.signal.removeEventListener('abort', abort)
  }
}

function launched(
  child: ChildProcess,
  file: SandboxFile,
  cli: Launcher,
  ended: Promise<End>,
): LaunchedSandbox {
  let detached = false
  return {
    client: createApiClient(file, cli.clock, cli.signal),
    ended,
    detach: () => {
      detached = true
      child.send({ type: 'detach' } satisfies ControllerMessage)
      child.disconnect()
      child.unref()
    },
    [Symbol.asyncDispose]: async () => {
      if (!detached) await stop(child, ended, cli)
    },
  }
}

/** Resolves when the controller has ended and everything that it said before has arrived. */
async function endOf(child: ChildProcess, complaints: Complaints): Promise<End> {
  const [[code, signal]] = await Promise.all([
    once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
    once(child, 'disconnect'),
  ])
  if (code === 0) return { inOrder: true }
  const said = (await complaints()).trim()
  return { inOrder: false, how: `${signal ?? `status ${code}`}${said === '' ? '' : `:\n${said}`}` }
}

async function ready(
  child: ChildProcess,
  options: LaunchOptions,
  ended: Promise<End>,
): Promise<SandboxFile> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.on('message', (raw) => {
      const message = raw as ControllerMessage
      if (message.type === 'progress') options.onProgress(message.text)
      else if (message.type === 'ready') resolve(message.file)
      else if (message.type === 'failed') reject(fromApiError(message))
    })
    void ended.then((end) =>
      reject(
        new InputError(
          `The sandbox ended before it was ready (${end.inOrder ? 'it was told to' : end.how})`,
          { remedy: 'Look for what is missing: unhappy doctor' },
        ),
      ),
    )
  })
}

/** SIGTERM, patience, SIGKILL: its keepers then do the rest. */
async function stop(child: ChildProcess, ended: Promise<End>, cli: Launcher): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const patience = new AbortController()
  const tooLong = cli.clock.sleep(graceMs, patience.signal).then(
    () => child.kill('SIGKILL'),
    () => undefined,
  )
  await ended
  patience.abort()
  await tooLong
  if (child.stderr !== null && !child.stderr.readableEnded) child.stderr.destroy()
}
