import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { SandboxFile } from '#chaos/contracts/api.ts'
import { homeAt, projectRoot } from '#chaos/home/home.ts'
import { listSandboxFiles } from '#chaos/home/sandbox-file.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import type { Random } from '#chaos/lib/random.ts'
import { leftoversOf } from '#chaos/runtime/local/testing/leftovers.ts'

import { createApiClient } from '../client/api-client.ts'

export interface KillRequest {
  /** Even rounds kill the command of the user. Odd rounds kill the controller, if it has started. */
  readonly round: number
  readonly random: Random
  readonly clock: Clock
  readonly signal: AbortSignal
}

export interface KillResult {
  /** Which process was killed, and when. */
  readonly killed: string
  /** Processes, ports, folders and files that were still there after {@link cleanWithinMs}. */
  readonly left: readonly string[]
}

const cleanWithinMs = 10_000
/** For this long nothing may be left: a single look could be between two processes. */
const cleanForMs = 1_500
/** Users have lower slots. */
const firstSlot = 70

/**
 * Starts `unhappy up`, kills it or its controller with SIGKILL at a random moment, and returns what is left. Half of the
 * rounds kill while the sandbox starts, the others when it is up and an instance is frozen.
 */
export async function killAtRandomMoment(request: KillRequest): Promise<KillResult> {
  const { round, random, clock, signal } = request
  const slot = firstSlot + (round % 20)
  const home = homeAt(await mkdtemp(join(projectRoot, '.unhappy', 'sigkill-')))
  const command = spawn(
    process.execPath,
    [join(projectRoot, 'chaos/cli/unhappy.js'), 'up', '--sandbox', String(slot)],
    { stdio: 'ignore', env: { ...process.env, UNHAPPY_HOME: home.folder } },
  )
  const startedAtMs = clock.now()
  const up = random.next() < 0.5 ? await upAndFrozen(home.sandboxes, request) : undefined
  await clock.sleep(random.integer(0, up === undefined ? 6_000 : 2_000), signal)
  const [file] = await listSandboxFiles(home.sandboxes)
  const kills = round % 2 === 0 || file === undefined ? 'the command' : 'the controller'
  const tookMs = Math.round(clock.now() - startedAtMs)
  process.kill(kills === 'the command' ? (command.pid ?? 0) : (file?.pid ?? 0), 'SIGKILL')
  const left = await leftAfter({ slot, home: home.folder, controllerPid: file?.pid ?? 0 }, request)
  const files = (await listSandboxFiles(home.sandboxes)).map((one) => `file of sandbox ${one.slot}`)
  command.kill('SIGKILL')
  await rm(home.folder, { recursive: true, force: true })
  const state = up === undefined ? (file === undefined ? 'starting' : 'up') : 'up, one frozen'
  return { killed: `${kills} after ${tookMs} ms (${state})`, left: [...left, ...files] }
}

/** Returns when the sandbox is up and an instance is frozen: a frozen process cannot end by itself. */
async function upAndFrozen(
  sandboxes: string,
  { clock, signal }: KillRequest,
): Promise<SandboxFile | undefined> {
  const deadline = clock.now() + 60_000
  while (clock.now() < deadline) {
    const [file] = await listSandboxFiles(sandboxes)
    if (file !== undefined) {
      await createApiClient(file, clock, signal).inject({ kind: 'pause', target: 'worker-1' })
      return file
    }
    await clock.sleep(50, signal)
  }
  throw new Error('The sandbox did not start within a minute.')
}

async function leftAfter(
  ours: { readonly slot: number; readonly home: string; readonly controllerPid: number },
  { clock, signal }: KillRequest,
): Promise<readonly string[]> {
  const deadline = clock.now() + cleanWithinMs
  let cleanSince: number | undefined
  for (;;) {
    const sandbox = await leftoversOf(ours.slot, ours.controllerPid)
    const left = [...sandbox, ...(await processesWith(`UNHAPPY_HOME=${ours.home}`))]
    const now = clock.now()
    cleanSince = left.length > 0 ? undefined : (cleanSince ?? now)
    const isClean = cleanSince !== undefined && now - cleanSince >= cleanForMs
    if (isClean || now > deadline) return left
    await clock.sleep(200, signal)
  }
}

/** The processes with this environment variable. Empty on systems without /proc. */
async function processesWith(variable: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
      return environment.split('\0').includes(variable) ? [`process ${pid}`] : []
    }),
  )
  return found.flat()
}
