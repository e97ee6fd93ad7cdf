import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { RunView } from '#chaos/contracts/api.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import { faults } from '#chaos/faults/index.ts'
import type { AnyFault } from '#chaos/faults/index.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import { createRandom } from '#chaos/lib/random.ts'
import { system } from '#chaos/system.ts'

import { createGarbageCollector, type GarbageCollector } from '../garbage-collector.ts'
import type { TaskResult } from '../task.ts'
import { recordGrowth } from './growth.ts'
import type { GrowthRecord, Measured } from './growth.ts'
import { limitedChecks } from './limited.ts'
import { planWindows } from './plan-windows.ts'
import type { SoakWindow } from './plan-windows.ts'
import { readUsage } from './process-usage.ts'
import type { NamedProcess, Usage } from './process-usage.ts'
import { randomScenario } from './random-scenario.ts'

export interface Soak {
  /** A sandbox that only the soak uses. */
  readonly client: ApiClient
  readonly minutes: number
  /** Decides every fault, its target, its parameters and its time. */
  readonly seed: number
  readonly signal: AbortSignal
}

/** With the collections of garbage before each sample, a run of ten minutes gives a dozen samples after the warm-up. */
const sampleEveryMs = 15_000
/** The end of a run is seen this soon. */
const pollMs = 1_000
/** A shorter soak need not inject every kind, and proves nothing about memory. */
const longMinutes = 15
/** The faults that a report of a violation lists. */
const lastFaults = 25

/**
 * Random faults of every kind that this runtime can inject, with overlapping leases, against the shop under load. Every window
 * is a run: when its faults are healed, everything must settle, and what must never happen must not have happened.
 */
export async function runSoak({ client, minutes, seed, signal }: Soak): Promise<TaskResult> {
  const kinds = await kindsHere(client)
  const growth = recordGrowth()
  using garbage = createGarbageCollector(systemClock)
  const problems: string[] = []
  const injected = new Map<string, number>()
  const random = createRandom(seed)
  const startMs = systemClock.now()
  for (const [i, window] of planWindows(minutes * 60_000, kinds).entries()) {
    signal.throwIfAborted()
    const scenario = randomScenario({
      title: `Soak, part ${i + 1}: ${window.what}`,
      kinds: window.kinds,
      system,
      limited: window.limited,
      random: random.fork(`part ${i + 1}`),
      durationMs: window.durationMs,
    })
    const { id } = await client.run({ scenario, file: `soak part ${i + 1}`, seed })
    const run = await watchRun(client, id, { growth, garbage, startMs, signal })
    const journal = await client.journal(id)
    for (const kind of kindsInjected(journal)) injected.set(kind, (injected.get(kind) ?? 0) + 1)
    problems.push(...problemsOf(run, journal, window))
  }
  const never = kinds.map(({ kind }) => kind).filter((kind) => !injected.has(kind))
  const isLong = minutes >= longMinutes
  if (never.length > 0 && isLong) problems.push(`never injected: ${never.join(', ')}`)
  problems.push(...growth.grown)
  if (growth.judged.length === 0 && isLong && process.platform === 'linux')
    problems.push('no process lived long enough for a judgement of its memory')
  const faultCount = [...injected.values()].reduce((sum, count) => sum + count, 0)
  const figures =
    `${minutes} min, ${faultCount} faults of ${injected.size} kinds, ` +
    `MB from the first to the last third of the longest life: ${growth.levels.join(', ')}; seed ${seed}`
  return { ok: problems.length === 0, detail: [figures, ...problems].join('; ') }
}

async function kindsHere(client: ApiClient): Promise<readonly AnyFault[]> {
  const { faults: catalogue } = await client.catalogue()
  const here = new Set(catalogue.filter(({ available }) => available).map(({ kind }) => kind))
  return (Object.values(faults) as readonly AnyFault[]).filter(({ kind }) => here.has(kind))
}

/** Waits for the end of the run and samples every process meanwhile. */
async function watchRun(
  client: ApiClient,
  id: string,
  {
    growth,
    garbage,
    startMs,
    signal,
  }: {
    readonly growth: GrowthRecord
    readonly garbage: GarbageCollector
    readonly startMs: number
    readonly signal: AbortSignal
  },
): Promise<RunView> {
  for (let sampleAtMs = systemClock.now() + sampleEveryMs; ;) {
    await systemClock.sleep(pollMs, signal)
    const run = await client.runView(id)
    if (run.state !== 'running') return run
    if (systemClock.now() < sampleAtMs) continue
    sampleAtMs = systemClock.now() + sampleEveryMs
    const view = await client.sandbox()
    const own = { name: 'controller', pid: client.file.pid }
    const parts = view.instances.flatMap(({ name, pid }) =>
      pid === undefined ? [] : [{ name, pid }],
    )
    const controller = view.runtime === 'local' ? [own] : []
    const all = [...controller, ...parts]
    // What a collection frees is not growth: V8 lets the heap of a busy process rise to twice what it needs.
    const inUse = new Map<number, number>()
    if (view.runtime === 'local')
      for (const { pid } of all) {
        const megabytes = await garbage.collect(pid)
        if (megabytes !== undefined) inUse.set(pid, megabytes)
      }
    const atS = Math.round((systemClock.now() - startMs) / 1_000)
    growth.add(atS, withInUse(await readUsage(all), inUse))
  }
}

function withInUse(
  usage: ReadonlyMap<NamedProcess, Usage>,
  inUse: ReadonlyMap<number, number>,
): ReadonlyMap<NamedProcess, Measured> {
  return new Map(
    [...usage].map(([process, used]) => {
      const megabytes = inUse.get(process.pid)
      return [process, megabytes === undefined ? used : { ...used, inUse: megabytes }] as const
    }),
  )
}

function kindsInjected(journal: readonly SandboxEvent[]): readonly string[] {
  return journal.flatMap((event) =>
    event.type === 'fault' && event.what === 'injected' ? [event.fault.kind] : [],
  )
}

/** What the run proves against the shop. An inconclusive run proves nothing against it: some faults prevent each other. */
function problemsOf(
  run: RunView,
  journal: readonly SandboxEvent[],
  window: SoakWindow,
): readonly string[] {
  const where = `${run.folder} (${window.what})`
  if (run.outcome === null)
    return [`${where} has no verdict: ${run.error?.error ?? run.state}; ${historyOf(journal)}`]
  if (kindsInjected(journal).length === 0)
    return [`${where} injected no fault: ${run.headline ?? run.outcome}`]
  const allowed = window.limited ? limitedChecks(system) : new Set<string>()
  const violated = run.checks.filter(
    ({ name, outcome }) => outcome === 'violated' && !allowed.has(name),
  )
  if (violated.length === 0) return []
  const what = violated.map(({ name, summary }) => `${name}: ${summary}`).join(' ')
  return [`${where}: ${what} ${historyOf(journal)}`]
}

/** The last faults of the run: `[3.2s latency worker-1:payments for 2s]`. */
function historyOf(journal: readonly SandboxEvent[]): string {
  const firstMs = journal[0]?.ms ?? 0
  const lines = journal.flatMap((event) => {
    if (event.type !== 'fault' || event.what !== 'injected') return []
    const { kind, targets, params } = event.fault
    const at = formatDuration(event.ms - firstMs)
    return [`${at} ${kind} ${targets.join(',')} ${JSON.stringify(params)}`]
  })
  return `The last faults: ${lines.slice(-lastFaults).join(' | ')}`
}
