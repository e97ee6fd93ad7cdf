import type { SandboxView, TrafficRates } from '#chaos/contracts/api.ts'
import type { LinkStatus } from '#chaos/contracts/links.ts'
import type { InstanceStatus } from '#chaos/contracts/runtime.ts'
import type { TruthCounters } from '#chaos/contracts/truth.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { client, links, localPort, proxyApiPort, stores } from '#services/topology.ts'

/** What does not change while the controller lives. */
export interface SandboxFacts {
  readonly slot: number
  readonly version: string
  readonly startedAt: string
  /** Address of the API and the dashboard. */
  readonly url: string
  readonly proxyPort: number | undefined
}

const readsWithinMs = 2_000

/** Everything at one look. A part that cannot be read now is empty: the view itself never fails. */
export async function viewSandbox(
  sandbox: Sandbox,
  facts: SandboxFacts,
  now: {
    readonly run: string | null
    readonly traffic: TrafficRates | null
    readonly acknowledged: number
  },
): Promise<SandboxView> {
  const { runtime } = sandbox
  const signal = AbortSignal.timeout(readsWithinMs)
  const [instances, linkStatuses, truth] = await Promise.all([
    within<readonly InstanceStatus[]>(runtime.status(), signal).then((seen) => seen ?? []),
    within<readonly LinkStatus[]>(sandbox.links.list(), signal).then((seen) => seen ?? []),
    within<TruthCounters>(sandbox.truth.counters(signal), signal),
  ])
  return {
    runtime: runtime.kind,
    version: facts.version,
    node: process.version,
    slot: facts.slot,
    startedAt: facts.startedAt,
    ready: instances.length > 0 && instances.every(({ state }) => state === 'ready'),
    halted: sandbox.halted,
    urls: urlsOf(sandbox, facts),
    instances,
    links: linkStatuses,
    faults: sandbox.faults.list(),
    truth,
    ...now,
    lastSeq: sandbox.journal.lastSeq,
  }
}

/** As seen from the host, whatever the runtime. */
function urlsOf({ runtime }: Sandbox, { slot, url, proxyPort }: SandboxFacts): SandboxView['urls'] {
  const local = (portOffset: number): string => `127.0.0.1:${localPort(slot, portOffset)}`
  const { databaseUrl, redisUrl, proxyUrl } = runtime.addresses
  const inDocker = runtime.kind === 'docker'
  const published = (inside: string, store: string): string => {
    const offset = stores.find(({ name }) => name === store)?.portOffset
    if (!inDocker || offset === undefined) return inside
    const address = new URL(inside)
    address.host = local(offset)
    return address.href
  }
  return {
    dashboard: url,
    shop: links
      .filter(({ caller }) => caller === client)
      .map(({ portOffset }) => `http://${local(portOffset)}`),
    proxy: `http://127.0.0.1:${proxyPort ?? proxyApiPort + slot}`,
    postgres: published(databaseUrl, 'postgres'),
    redis: published(redisUrl, 'redis'),
    ...(inDocker ? { inside: { proxy: proxyUrl, postgres: databaseUrl, redis: redisUrl } } : {}),
  }
}

/** A part that a fault has taken away, or that is slow to answer, must not hold up the picture of that very fault. */
async function within<Part>(reading: Promise<Part>, signal: AbortSignal): Promise<Part | null> {
  const tooLate = new Promise<null>((resolve) => {
    signal.addEventListener('abort', () => resolve(null))
  })
  return Promise.race([reading.catch(() => null), tooLate])
}
