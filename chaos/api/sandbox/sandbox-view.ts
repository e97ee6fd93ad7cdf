import type { SandboxView, TrafficRates } from '#chaos/contracts/api.ts'
import type { LinkStatus } from '#chaos/contracts/links.ts'
import type { InstanceStatus } from '#chaos/contracts/runtime.ts'
import type { TruthCounters } from '#chaos/contracts/truth.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { client, links, localPort, proxyApiPort, stores } from '#services/topology.ts'

/** The part of the view that stays the same until the controller ends. */
export interface SandboxFacts {
  readonly slot: number
  readonly version: string
  readonly startedAt: string
  /** URL of the API and the dashboard. */
  readonly url: string
  readonly proxyPort: number | undefined
}

const readWithinMs = 2_000

/** The whole state of the sandbox. A part that cannot be read within 2 s is empty or null: this function does not reject. */
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
  const signal = AbortSignal.timeout(readWithinMs)
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

/** The addresses as the host sees them, in both runtimes. */
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

/** A fault can make a part slow or unreachable. The view must show that fault, so it does not wait for the part. */
async function within<Part>(reading: Promise<Part>, signal: AbortSignal): Promise<Part | null> {
  const tooLate = new Promise<null>((resolve) => {
    signal.addEventListener('abort', () => resolve(null))
  })
  return Promise.race([reading.catch(() => null), tooLate])
}
