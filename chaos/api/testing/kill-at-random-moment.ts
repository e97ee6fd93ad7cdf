import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { SandboxFile } from '#chaos/contracts/api.ts'
import { homeAt, projectRoot } from '#chaos/home/home.ts'
import { listSandboxFiles } from '#chaos/home/sandbox-file.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import type { Random } from '#chaos/lib/random.ts'
import { listProcesses } from '#chaos/runtime/local/keeper/list-processes.ts'
import { leftoversOf, pidsOf } from '#chaos/runtime/local/testing/leftovers.ts'

import { createApiClient } from '../client/api-client.ts'

const victims = ['command', 'controller', 'keeper', 'watchdog', 'links'] as const
type Victim = (typeof victims)[number]

/** Each process alone, and every pair. */
const combinations: readonly (readonly Victim[])[] = [
  ...victims.map((one) => [one]),
  ...victims.flatMap((one, index) => victims.slice(index + 1).map((other) => [one, other])),
]

export interface KillRequest {
  /** Selects the combination: 0 kills the command of the user. */
  readonly round: number
  readonly random: Random
  readonly clock: Clock
  readonly signal: AbortSignal
}

export interface KillResult {
  /** Which processes were killed, and when. */
  readonly killed: string
  /** Processes, ports, folders, files and shared memory that were still there after {@link cleanWithinMs}. */
  readonly left: readonly string[]
}

interface Started {
  readonly command: ChildProcess
  readonly slot: number
  /** Folder of the user's files: it is in the environment of command and controller. */
  readonly home: string
  readonly sandboxes: string
  /** Shared memory that existed before. Its creator can have had the pid that a process of this sandbox has now. */
  readonly memoryBefore: ReadonlySet<string>
}

const cleanWithinMs = 10_000
/** What is late is watched for this long: the result says whether it ends at all. */
const watchedForMs = 45_000
/** For this long nothing may be left: a single look could be between two processes. */
const cleanForMs = 1_500
/** Users have lower slots. */
const firstSlot = 70
const slotsToTry = 20
const leaseMs = 3_000
const startsWithinMs = 120_000
/** The kills come up to this time after the processes exist. */
const startMaxMs = 3_000

/**
 * Starts `unhappy up`, kills a combination of its processes with SIGKILL at a random moment, and returns what is left. Half
 * of the rounds kill while the sandbox starts, the others when it is up and an instance is frozen. A sandbox that survives,
 * because only its links or its watchdog died, must heal its fault at the end of the lease. Then `unhappy down` ends it.
 */
export async function killAtRandomMoment(request: KillRequest): Promise<KillResult> {
  const { round, random, clock, signal } = request
  const slot = await freeSlot(round)
  const home = homeAt(await mkdtemp(join(projectRoot, '.unhappy', 'sigkill-')))
  const { sandboxes } = home
  const started: Started = {
    command: unhappy(home.folder, ['up', '--sandbox', String(slot)]),
    slot,
    home: home.folder,
    sandboxes,
    memoryBefore: new Set((await readSharedMemory()).map(({ id }) => id)),
  }
  const startedAtMs = clock.now()
  const chosen = combinations[round % combinations.length] ?? []
  const up = random.next() < 0.5 ? await upAndFrozen(started, request) : undefined
  if (up === undefined) await untilAllExist(started, chosen, request)
  await clock.sleep(random.integer(0, startMaxMs), signal)
  const pids = await processesOf(started)
  // A start that fails by itself has ended them.
  const kills = chosen.filter((name) => pids.has(name))
  const tookMs = Math.round(clock.now() - startedAtMs)
  for (const name of kills) sigkill(pids.get(name))
  const survives = kills.every((name) => name === 'links' || name === 'watchdog')
  const active = survives ? await endSurvivor(started, request) : []
  const left = await leftAfter(started, pids, request)
  started.command.kill('SIGKILL')
  await rm(home.folder, { recursive: true, force: true })
  const state = up === undefined ? 'starting' : 'up, one frozen'
  return {
    killed: `${kills.join(' and ')} after ${tookMs} ms (${state})`,
    left: [...active, ...left],
  }
}

function unhappy(home: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(projectRoot, 'chaos/cli/unhappy.js'), ...args], {
    stdio: 'ignore',
    env: { ...process.env, UNHAPPY_HOME: home },
  })
}

async function freeSlot(round: number): Promise<number> {
  for (let next = 0; next < slotsToTry; next++) {
    const slot = firstSlot + ((round + next) % slotsToTry)
    if ((await leftoversOf(slot, 0)).length === 0) return slot
  }
  throw new Error(`None of the slots from ${firstSlot} is free.`)
}

function sigkill(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  } catch (error) {
    // It has ended by itself since it was found.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** The processes that exist now, by name: the victims and the instances. */
async function processesOf({ command, slot, home }: Started): Promise<ReadonlyMap<string, number>> {
  const own = await processesWith(`UNHAPPY_HOME=${home}`)
  const controller = own.find(({ text }) => text.includes('chaos/api/main.ts'))?.pid
  const pids = new Map(await pidsOf(slot, controller ?? -1))
  if (controller !== undefined) pids.set('controller', controller)
  if (command.pid !== undefined && command.exitCode === null) pids.set('command', command.pid)
  return pids
}

/** Returns as soon as all of them exist, which is while the sandbox starts. */
async function untilAllExist(
  started: Started,
  names: readonly Victim[],
  { clock, signal }: KillRequest,
): Promise<void> {
  const deadline = clock.now() + startsWithinMs
  for (;;) {
    const pids = await processesOf(started)
    if (names.every((name) => pids.has(name))) return
    if (clock.now() > deadline) throw new Error(`${names.join(' and ')} did not start.`)
    await clock.sleep(20, signal)
  }
}

/** Returns when the sandbox is up and an instance is frozen: a frozen process cannot end by itself. */
async function upAndFrozen(
  { sandboxes }: Started,
  { clock, signal }: KillRequest,
): Promise<SandboxFile> {
  const deadline = clock.now() + startsWithinMs
  while (clock.now() < deadline) {
    const [file] = await listSandboxFiles(sandboxes)
    if (file !== undefined) {
      const request = { kind: 'pause', target: 'worker-1', leaseMs }
      await createApiClient(file, clock, signal).inject(request)
      return file
    }
    await clock.sleep(50, signal)
  }
  throw new Error('The sandbox did not start within a minute.')
}

/** Waits for the end of every lease, then ends the sandbox. Returns what is still active after its lease. */
async function endSurvivor(
  { command, slot, home, sandboxes }: Started,
  { clock, signal }: KillRequest,
): Promise<readonly string[]> {
  const deadline = clock.now() + 60_000
  // A start that fails ends the command.
  while (command.exitCode === null && (await listSandboxFiles(sandboxes)).length === 0) {
    if (clock.now() > deadline) return ['a sandbox that neither starts nor ends']
    await clock.sleep(50, signal)
  }
  const [file] = await listSandboxFiles(sandboxes)
  if (file === undefined) return []
  await clock.sleep(leaseMs + 1_000, signal)
  const { faults } = await createApiClient(file, clock, signal).sandbox()
  const frozen = (await listProcesses()).filter(({ stopped }) => stopped).map(({ pid }) => pid)
  const active = [...(await pidsOf(slot, file.pid))].filter(([, pid]) => frozen.includes(pid))
  await once(unhappy(home, ['down', '--sandbox', String(slot)]), 'exit')
  return [
    ...faults.map(({ kind }) => `active fault ${kind}`),
    ...active.map(([name]) => `frozen ${name}`),
  ]
}

async function leftAfter(
  { slot, home, sandboxes, memoryBefore }: Started,
  pids: ReadonlyMap<string, number>,
  { clock, signal }: KillRequest,
): Promise<readonly string[]> {
  const startedAt = clock.now()
  let cleanSince: number | undefined
  let late: readonly string[] = []
  for (;;) {
    const left = [
      ...(await leftoversOf(slot, pids.get('controller') ?? -1)),
      ...(await processesWith(`UNHAPPY_HOME=${home}`)).map(({ pid }) => `process ${pid}`),
      ...(await listSandboxFiles(sandboxes)).map((file) => `file of sandbox ${file.slot}`),
      ...(await readSharedMemory())
        .filter(({ id, creator }) => creator === pids.get('postgres') && !memoryBefore.has(id))
        .map(({ id }) => `shared memory ${id}`),
    ]
    const now = clock.now()
    cleanSince = left.length > 0 ? undefined : (cleanSince ?? now)
    const isClean = cleanSince !== undefined && now - cleanSince >= cleanForMs
    const tookMs = (cleanSince ?? now) - startedAt
    if (late.length === 0 && tookMs > cleanWithinMs) late = left
    if (isClean) return late.length === 0 ? [] : [...late, `gone after ${Math.round(tookMs)} ms`]
    if (tookMs > watchedForMs) return [...left, 'still there']
    await clock.sleep(200, signal)
  }
}

/** The System V shared memory of this machine. Empty on systems without /proc. */
async function readSharedMemory(): Promise<
  readonly { readonly id: string; readonly creator: number }[]
> {
  const text = await readFile('/proc/sysvipc/shm', 'utf8').catch(() => '')
  const fields = text.split('\n').map((line) => line.trim().split(/\s+/))
  return fields.map(([, id = '', , , creator]) => ({ id, creator: Number(creator) }))
}

/** The processes with this environment variable, with their command lines. Empty on systems without /proc. */
async function processesWith(
  variable: string,
): Promise<readonly { readonly pid: number; readonly text: string }[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
      if (!environment.split('\0').includes(variable)) return []
      return [
        { pid: Number(pid), text: await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') },
      ]
    }),
  )
  return found.flat()
}
