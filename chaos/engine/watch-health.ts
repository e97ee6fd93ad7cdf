import type { FiguresEvent } from '#chaos/contracts/events.ts'
import type { SystemPage } from '#chaos/contracts/system/system-page.ts'

import type { Sandbox } from './sandbox.ts'

type InstanceFigures = NonNullable<FiguresEvent['instances']>

/** What a page that watches the sandbox needs, and what costs time to measure. Empty while no page watches. */
export interface Observed {
  instances?: InstanceFigures
}

type WatchedSandbox = Pick<
  Sandbox,
  'changing' | 'clock' | 'links' | 'observed' | 'runtime' | 'system'
>

const everyMs = 2_000
const readWithinMs = 800
/** Longer than several rounds: a busy controller must not end the counting. */
const leaseMs = 15_000
const tapId = 'health'

/** Reads an address as text. */
export type ReadText = (url: string, signal: AbortSignal) => Promise<string>

/**
 * Until it is disposed: the data plane counts the exchanges of all links, and the gauges of the system's page are read. Both
 * appear in the figures. Nothing of it affects the system: the counts hold no message, and the gauges are read directly.
 */
export function watchHealth(
  sandbox: WatchedSandbox,
  readText: ReadText = fetchText,
): AsyncDisposable {
  const { clock, observed } = sandbox
  const stop = new AbortController()
  let tap: AsyncDisposable | undefined
  const watching = (async () => {
    while (!stop.signal.aborted) {
      const [counting, instances] = await Promise.all([
        // The data plane may be restarting; the next round tries again.
        countExchanges(sandbox).catch(() => tap),
        readGauges(sandbox, readText, stop.signal),
      ])
      tap = counting
      if (!stop.signal.aborted) observed.instances = instances
      await clock.sleep(everyMs, stop.signal).catch(() => undefined)
    }
  })()
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await watching
      delete observed.instances
      try {
        await tap?.[Symbol.asyncDispose]()
      } catch {
        // The data plane does not respond: the lease ends the counting.
      }
    },
  }
}

/** The links of a profile come and go, so each round reads their names. */
async function countExchanges({ links }: WatchedSandbox): Promise<AsyncDisposable> {
  const names = (await links.list()).map(({ name }) => name)
  return await links.tap(names, { id: tapId, expiresInMs: leaseMs, counts: true })
}

async function readGauges(
  { changing, runtime, system }: WatchedSandbox,
  readText: ReadText,
  signal: AbortSignal,
): Promise<InstanceFigures> {
  const wanted = system.page?.gauges ?? []
  const changes = new Set(changing())
  const read = system.topology.instances.flatMap(({ name, service }) => {
    const gauges = wanted.filter((gauge) => gauge.service === service)
    if (gauges.length === 0 || changes.has(name)) return []
    const url = `${runtime.addresses.http(name)}/metrics`
    return [
      readText(url, AbortSignal.any([signal, AbortSignal.timeout(readWithinMs)])).then(
        (text) => [{ instance: name, gauges: gaugesIn(text, gauges) }],
        // It is down, paused or blocked: what it does is not known.
        () => [],
      ),
    ]
  })
  return (await Promise.all(read)).flat()
}

/** The values of metrics in Prometheus' text format, without labels. */
export function gaugesIn(
  text: string,
  gauges: readonly Pick<NonNullable<SystemPage['gauges']>[number], 'metric' | 'text'>[],
): Readonly<Record<string, number>> {
  const values = new Map<string, number>()
  for (const line of text.split('\n')) {
    const match = /^(\w+) (-?[\d.e+]+)$/.exec(line)
    if (match !== null) values.set(match[1] ?? '', Number(match[2]))
  }
  return Object.fromEntries(
    gauges.flatMap(({ metric, text: name }) => {
      const value = values.get(metric)
      return value === undefined ? [] : [[name, value] as const]
    }),
  )
}

async function fetchText(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal })
  if (!response.ok) throw new Error(`${url} responded with status ${response.status}`)
  return await response.text()
}
