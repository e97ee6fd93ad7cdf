import type { ExchangeEvent } from '#chaos/contracts/links.ts'
import type { Topology } from '#chaos/contracts/topology.ts'

import type { BackgroundExchange, FlowStep } from '../matrix.ts'
import type { ObservedFlow } from '../observe-flow.ts'
import { linksBetween } from '../services.ts'
import { exchangeName, foreground, numbered, type Seen } from './foreground.ts'

/** What a run without a fault looks like. */
export interface Baseline {
  readonly steps: readonly FlowStep[]
  readonly background: readonly BackgroundExchange[]
  /** Link and signature of every exchange that also happens without a run. */
  readonly idle: ReadonlySet<string>
}

const reading = /^(GET|HEAD|BEGIN|SELECT|SET |SHOW|PING|EXISTS|HGET|MGET|TTL|BZPOPMIN|XREAD)\b/

/**
 * Reads the steps of the flow from runs without a fault: the exchanges that every run has, equally
 * often. An exchange that also happens in the idle time is a step only if it carries the run's
 * key.
 */
export function readBaseline(
  runs: readonly ObservedFlow[],
  idle: { readonly exchanges: readonly ExchangeEvent[]; readonly seconds: number },
  topology: Topology,
): Baseline {
  const idleCounts = new Map<string, number>()
  for (const event of idle.exchanges)
    if (event.part === 'request') {
      const name = exchangeName(event, topology)
      idleCounts.set(name, (idleCounts.get(name) ?? 0) + 1)
    }
  const idleNames = new Set(idleCounts.keys())
  const seenByRun = runs.map((run) => foreground(run, idleNames, topology))
  const keyed = seenByRun.map((seen) => numbered(seen))
  const [first] = keyed
  const stable = [...(first?.keys() ?? [])].filter((key) => keyed.every((run) => run.has(key)))
  const last = keyed.at(-1) ?? new Map<string, Seen>()
  const steps = stable
    .map((key) => ({ key, seen: last.get(key) as Seen }))
    .toSorted((a, b) => a.seen.atMs - b.seen.atMs)
    .map(({ key, seen }) => stepOf(key, seen, { runs, keyed, idle: idleNames, topology }))
    .filter((step) => step !== undefined)
    .map((step, i, all) => ({
      id: `s${String(i + 1).padStart(2, '0')}`,
      ...step,
      nth: all.slice(0, i + 1).filter((one) => isSameName(one, step)).length,
      order: i + 1,
    }))
  const everything = new Set(keyed.flatMap((run) => [...run.keys()]))
  const unstable = [...everything].filter((key) => !steps.some((step) => step.key === key))
  return {
    steps,
    background: [
      ...[...idleCounts].map(([name, count]) => ({
        key: name,
        perSecond: Math.round((10 * count) / idle.seconds) / 10,
        because: 'idle' as const,
      })),
      ...unstable.map((key) => ({ key, perSecond: 0, because: 'unstable' as const })),
    ],
    idle: idleNames,
  }
}

interface SeenRuns {
  readonly runs: readonly ObservedFlow[]
  /** The exchanges of each run, numbered. */
  readonly keyed: readonly ReadonlyMap<string, Seen>[]
  readonly idle: ReadonlySet<string>
  readonly topology: Topology
}

function stepOf(
  key: string,
  seen: Seen,
  all: SeenRuns,
): Omit<FlowStep, 'id' | 'order' | 'nth'> | undefined {
  const [caller = '', callee = ''] = seen.link.split(':')
  const matchedBy = matchedInEveryRun(key, all.keyed)
  const anchor = matchedBy === 'payload' ? undefined : anchorOf(seen, key, all)
  // Without a key and without a fixed position in every run, a trap cannot find the message.
  if (matchedBy === 'alone' && anchor === undefined) return undefined
  // A reply without the key would be missed, so it counts only where a position does not do.
  const byPosition = anchor !== undefined && !(matchedBy === 'reply' && all.idle.has(seen.name))
  return {
    key,
    link: seen.link,
    protocol: protocolOf(seen.link, all.topology),
    signature: seen.signature,
    ...(byPosition ? {} : { carriers: carriersUpTo(key, seen, all.keyed.at(-1)) }),
    caller,
    callee,
    connection: seen.connection,
    matchedBy,
    ...(anchor === undefined ? {} : { anchor }),
    write: !reading.test(seen.signature),
    atMs: Math.round(seen.atMs * 10) / 10,
  }
}

function isSameName(
  a: Pick<FlowStep, 'link' | 'signature'>,
  b: Pick<FlowStep, 'link' | 'signature'>,
): boolean {
  return a.link === b.link && a.signature === b.signature
}

function matchedInEveryRun(
  key: string,
  runs: readonly ReadonlyMap<string, Seen>[],
): FlowStep['matchedBy'] {
  const all = runs.map((run) => run.get(key)?.matchedBy)
  if (all.every((one) => one === 'payload')) return 'payload'
  return all.every((one) => one === 'reply') ? 'reply' : 'alone'
}

/** How many exchanges with this name carry the run's key, up to this one. */
function carriersUpTo(
  key: string,
  { name, matchedBy }: Seen,
  run: ReadonlyMap<string, Seen> = new Map(),
): NonNullable<FlowStep['carriers']> {
  const names = [...run.keys()]
  const same = names.slice(0, names.indexOf(key) + 1).filter((one) => run.get(one)?.name === name)
  const count = (by: FlowStep['matchedBy']): number =>
    same.filter((one) => run.get(one)?.matchedBy === by).length
  const requests = count('payload')
  return {
    ...(matchedBy === 'payload' ? { before: requests } : {}),
    after: requests + count('reply'),
  }
}

/** The data plane finds messages only in protocols that it parses: never on a link with bytes. */
function protocolOf(link: string, topology: Topology): FlowStep['protocol'] {
  const names = linksBetween(link, topology)
  const protocol = topology.links.find(({ name }) => names.includes(name))?.protocol
  return protocol === 'postgres' || protocol === 'redis' ? protocol : 'http'
}

/**
 * The exchange from which the requests with this name are counted. Its payload carries the run's
 * key, and it comes before this one in every run. An exchange on the same link is preferred, else
 * the last one before. Undefined when no count is the same in every run.
 */
function anchorOf(
  seen: Seen,
  key: string,
  { runs, keyed, topology }: SeenRuns,
): FlowStep['anchor'] {
  const earlier = keyed.map((run) => {
    const own = run.get(key)
    const before = [...run].filter(
      ([, one]) => one.matchedBy === 'payload' && own !== undefined && one.atMs < own.atMs,
    )
    return new Map(before)
  })
  const candidates = [...(earlier.at(-1) ?? [])]
    .filter(([name]) => earlier.every((run) => run.has(name)))
    .toSorted(
      ([, a], [, b]) =>
        Number(b.link === seen.link) - Number(a.link === seen.link) || b.atMs - a.atMs,
    )
  for (const [name, { link, signature }] of candidates) {
    // The trap compares only the signature: a second exchange with it would start the count too
    // early.
    if (!name.endsWith('|1')) continue
    const counts = runs.map((run, i) => {
      const fromMs = earlier[i]?.get(name)?.atMs ?? 0
      const toMs = keyed[i]?.get(key)?.atMs ?? 0
      return countBetween(run, (event) => exchangeName(event, topology) === seen.name, fromMs, toMs)
    })
    const [nth = 0] = counts
    if (nth > 0 && counts.every((count) => count === nth)) return { link, signature, nth }
  }
  return undefined
}

function countBetween(
  run: ObservedFlow,
  matches: (event: ExchangeEvent) => boolean,
  fromMs: number,
  toMs: number,
): number {
  return run.exchanges.filter(({ event, atMs }) => {
    const ms = atMs - run.startMs
    return event.part === 'request' && ms >= fromMs && ms <= toMs && matches(event)
  }).length
}
