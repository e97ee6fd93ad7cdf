import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open } from 'node:fs/promises'
import { getCompileCacheDir } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { AdoptionReport } from '#chaos/adopt/compose/adoption-report.ts'
import { createApiClient } from '#chaos/api/client/api-client.ts'
import type { ApiClient } from '#chaos/api/client/api-client.ts'
import { fromApiError } from '#chaos/api/client/from-api-error.ts'
import type { ControllerMessage } from '#chaos/api/process/parent-channel.ts'
import type { SandboxFile } from '#chaos/contracts/api.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { Cli } from '../cli.ts'
import { stderrTailInFile, stderrTailOfChild } from './stderr-tail.ts'
import type { StderrTail } from './stderr-tail.ts'

const controllerMain = fileURLToPath(new URL('../../api/main.ts', import.meta.url))
/** Time that a controller has to clean up after SIGTERM. Then it is killed. */
const graceMs = 20_000

/**
 * How a controller ended. `inOrder`: with exit status 0. `by`: what it says about the cause. `how`: status or signal, with
 * its last error output.
 */
export type End =
  | { readonly inOrder: true; readonly by?: 'api' | 'signal' }
  | { readonly inOrder: false; readonly how: string }

/** The parts of the CLI that a launch needs. */
export type Launcher = Pick<Cli, 'home' | 'slot' | 'clock' | 'signal'>

export interface LaunchedSandbox extends AsyncDisposable {
  readonly client: ApiClient
  /** Resolves when the controller has ended, for any reason. */
  readonly ended: Promise<End>
  /** Lets the sandbox run on after this process ends. */
  detach(): void
}

export interface LaunchOptions {
  /** The sandbox serves one command; other commands do not select it. */
  readonly ephemeral: boolean
  /** The sandbox will be detached: it writes to a log file and not to this terminal. */
  readonly detached: boolean
  /** Turns telemetry on: at this address; `true`: at the address in the environment, or the default one. */
  readonly otel?: boolean | string
  /** Variables that tell the controller to adopt a system. */
  readonly adoption?: Readonly<Record<string, string>>
  onProgress(text: string): void
  onAdopted?(report: AdoptionReport): void
}

/**
 * Starts a controller and waits until its shop is ready. When this process ends, even by SIGKILL, the controller stops the
 * sandbox. Throws {@link InputError} with the controller's error.
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
    // A process group of its own: Ctrl-C reaches only this process, which then sends SIGTERM to the controller.
    detached: true,
    stdio: ['ignore', log?.fd ?? 'ignore', log?.fd ?? 'pipe', 'ipc'],
    env: {
      ...process.env,
      // Compiled sources halve the start-up time.
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? getCompileCacheDir() ?? '',
      UNHAPPY_HOME: cli.home.folder,
      ...telemetryOf(options),
      ...options.adoption,
      UNHAPPY_EPHEMERAL: options.ephemeral ? '1' : '',
      UNHAPPY_SLOT: cli.slot === undefined ? '' : String(cli.slot),
    },
  })
  const stderrTail =
    log === undefined
      ? stderrTailOfChild(child)
      : stderrTailInFile(logPath, (await log.stat()).size)
  const ended = endOf(child, stderrTail)
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

function telemetryOf({ otel = false }: LaunchOptions): Readonly<Record<string, string>> {
  if (otel === false) return {}
  const usual = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] || 'http://127.0.0.1:4318'
  const endpoint = otel === true ? usual : otel
  return { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, UNHAPPY_METRICS: '1' }
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

/** Resolves when the controller has ended and all its messages have arrived. */
async function endOf(child: ChildProcess, stderrTail: StderrTail): Promise<End> {
  let by: 'api' | 'signal' | undefined
  child.on('message', (message: ControllerMessage) => {
    if (message.type === 'ended') by = message.by
  })
  const [[code, signal]] = await Promise.all([
    once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
    once(child, 'disconnect'),
  ])
  if (code === 0) return { inOrder: true, ...(by === undefined ? {} : { by }) }
  const errors = (await stderrTail()).trim()
  const how = `${signal ?? `exit status ${code}`}${errors === '' ? '' : `:\n${errors}`}`
  return { inOrder: false, how }
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
      else if (message.type === 'adopted') options.onAdopted?.(message.report)
      else if (message.type === 'ready') resolve(message.file)
      else if (message.type === 'failed') reject(fromApiError(message))
    })
    void ended.then((end) =>
      reject(
        new InputError(
          `The sandbox ended before it was ready (${end.inOrder ? 'another process stopped it' : end.how})`,
          { remedy: 'Check this machine: unhappy doctor' },
        ),
      ),
    )
  })
}

/** Sends SIGTERM, and SIGKILL after {@link graceMs}. After a SIGKILL the keepers stop the shop's processes. */
async function stop(child: ChildProcess, ended: Promise<End>, cli: Launcher): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const grace = new AbortController()
  const tooLong = cli.clock.sleep(graceMs, grace.signal).then(
    () => child.kill('SIGKILL'),
    () => undefined,
  )
  await ended
  grace.abort()
  await tooLong
  if (child.stderr !== null && !child.stderr.readableEnded) child.stderr.destroy()
}
