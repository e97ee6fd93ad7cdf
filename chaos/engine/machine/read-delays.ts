import type { Runtime } from '#chaos/contracts/runtime.ts'
import type { Topology } from '#chaos/contracts/topology.ts'

/** Delays since the previous read, in milliseconds. What does not respond is left out. */
export interface Delays {
  /** Of the event loop of each instance. */
  readonly instances: ReadonlyMap<string, number>
  /** Of the timers of the links. */
  readonly linksMs?: number
}

/** An instance that a fault has stopped does not respond. Its delay is then not known. */
const limitMs = 1_000
/** Services measure with timers of this interval, and the measured delay includes it. */
const intervalMs = 10

/** Reads the delays since the previous read from the metrics of every instance and of the links. Never rejects. */
export async function readDelays(
  { instances }: Pick<Topology, 'instances'>,
  { http, proxyUrl }: Pick<Runtime['addresses'], 'http' | 'proxyUrl'>,
  fetchText: (url: string) => Promise<string> = fetchMetrics,
): Promise<Delays> {
  const secondsOf = async (url: string, name: string): Promise<number | undefined> => {
    const text = await fetchText(`${url}/metrics`).catch(() => '')
    const value = Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN)
    // The first read only begins the measurement.
    return Number.isNaN(value) ? undefined : value
  }
  const [links, ...each] = await Promise.all([
    secondsOf(proxyUrl, 'unhappy_timer_late_max_seconds'),
    ...instances.map(async ({ name }) => ({
      name,
      seconds: await secondsOf(http(name), 'nodejs_eventloop_lag_max_seconds'),
    })),
  ])
  return {
    instances: new Map(
      each.flatMap(({ name, seconds }) =>
        seconds === undefined ? [] : [[name, Math.max(0, seconds * 1_000 - intervalMs)]],
      ),
    ),
    ...(links === undefined ? {} : { linksMs: Math.round(links * 1_000) }),
  }
}

async function fetchMetrics(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(limitMs) })
  return await response.text()
}
