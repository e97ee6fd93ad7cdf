import type { FiguresEvent } from '#chaos/contracts/events.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import type { LinkStatus } from '#chaos/contracts/links.ts'
import { truthOf } from '#chaos/contracts/system.ts'
import { linksOfRequests } from '#chaos/contracts/topology.ts'
import type { TruthCounters } from '#chaos/contracts/truth.ts'

import type { Sandbox } from '../sandbox.ts'
import { unsettledCounters } from './unsettled-counters.ts'

type Counted = FiguresEvent['operations'][number]

type FiguresSandbox = Pick<
  Sandbox,
  'clock' | 'faults' | 'journal' | 'links' | 'observed' | 'system' | 'truth'
>

export interface FiguresOptions {
  /**
   * Read the truth only when it can have changed. While nothing happens, the figures repeat the last counters for at most
   * ten seconds. Absent: read it every second.
   */
  readonly truthOnDemand?: boolean
}

const everyMs = 1_000
const truthAgeMaxMs = 10_000

/**
 * Publishes live figures once a second until it is disposed: operations since the last figures, connections and bytes of
 * every link, counters of the truth. Figures that cannot be read are left out.
 */
export function publishFigures(
  sandbox: FiguresSandbox,
  options: FiguresOptions = {},
): AsyncDisposable {
  const { clock, journal, links } = sandbox
  const stop = new AbortController()
  let counted = new Map<string, Counted>()
  const truth = options.truthOnDemand === true ? truthOnDemand(sandbox) : sandbox.truth
  const end = journal.subscribe((event) => {
    if (event.type === 'operation') count(counted, event.operation)
  })
  const publishing = (async () => {
    while (!stop.signal.aborted) {
      await clock.sleep(everyMs, stop.signal).catch(() => undefined)
      const listed = links.list().catch(() => [])
      const [linkList, counters] = await Promise.all([
        listed,
        truth.counters(stop.signal, listed).catch(() => undefined),
      ])
      if (stop.signal.aborted) return
      const operations = [...counted.values()]
      counted = new Map()
      journal.publish({
        type: 'figures',
        operations,
        links: linkList.map(({ name, connections, bytesUpstream, bytesDownstream, exchanges }) => ({
          link: name,
          connections,
          bytesUpstream,
          bytesDownstream,
          ...(exchanges === undefined ? {} : { exchanges }),
        })),
        ...(sandbox.observed.instances === undefined
          ? {}
          : { instances: sandbox.observed.instances }),
        ...(counters === undefined ? {} : { truth: counters }),
      })
    }
  })()
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      end()
      if ('end' in truth) truth.end()
      await publishing
    },
  }
}

interface TruthOnDemand {
  counters(signal: AbortSignal, listed: Promise<readonly LinkStatus[]>): Promise<TruthCounters>
  end(): void
}

/** Reads the truth while something happens: an event, an active fault, work in flight, bytes of customers. */
function truthOnDemand({ clock, faults, journal, system, truth }: FiguresSandbox): TruthOnDemand {
  const counted = linksOfRequests(system.topology)
  let last: { readonly counters: TruthCounters; readonly atMs: number } | undefined
  let seenBytes: number | undefined
  let happened = false
  const end = journal.subscribe((event) => {
    if (event.type !== 'figures' && event.type !== 'xray') happened = true
  })
  return {
    end,
    counters: async (signal, listed) => {
      const bytes = bytesOf((await listed).filter(({ name }) => counted.has(name)))
      const isCurrent =
        last !== undefined &&
        clock.now() - last.atMs < truthAgeMaxMs &&
        !happened &&
        bytes === seenBytes &&
        faults.list().length === 0 &&
        unsettledCounters(last.counters, truthOf(system)).length === 0
      if (last !== undefined && isCurrent) return last.counters
      const atMs = clock.now()
      last = undefined
      happened = false
      seenBytes = bytes
      const counters = await truth.counters(signal)
      last = { counters, atMs }
      return counters
    },
  }
}

function bytesOf(links: readonly LinkStatus[]): number {
  return links.reduce(
    (sum, { bytesUpstream, bytesDownstream }) => sum + bytesUpstream + bytesDownstream,
    0,
  )
}

function count(counted: Map<string, Counted>, { kind, outcome }: Operation): void {
  const key = `${kind} ${outcome}`
  counted.set(key, { kind, outcome, count: (counted.get(key)?.count ?? 0) + 1 })
}
