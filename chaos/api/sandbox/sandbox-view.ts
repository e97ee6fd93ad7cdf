import type { SandboxView, TrafficRates, UnreadPart } from '#chaos/contracts/api.ts'
import type { LinkStatus } from '#chaos/contracts/links.ts'
import { localPort, proxyApiPort } from '#chaos/contracts/ports.ts'
import type { InstanceStatus } from '#chaos/contracts/runtime.ts'
import { client, kindOfStore } from '#chaos/contracts/topology.ts'
import type { StoreKind } from '#chaos/contracts/topology.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import { rejectionOn } from '#chaos/lib/signals/rejection-on.ts'

import { viewSystem } from './system-view.ts'

/** The part of the view that stays the same until the controller ends. */
export interface SandboxFacts {
  readonly slot: number
  readonly version: string
  readonly startedAt: string
  /** URL of the API and the dashboard. */
  readonly url: string
  readonly proxyPort: number | undefined
}

/** The deadline of each part. A user asks for the view because something does not respond. */
const partWithinMs = 600
/** Shorter, so that one instance that does not respond does not hide the others. */
const probeWithinMs = 500

/** The whole state of the sandbox. Does not reject: a part that cannot be read in time is empty or null, and `unread`. */
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
  const late = AbortSignal.timeout(partWithinMs)
  const unread: UnreadPart[] = []
  const read = async <Part>(part: string, reading: Promise<Part>, instead: Part): Promise<Part> => {
    try {
      return await Promise.race([reading, rejectionOn(late)])
    } catch (error) {
      unread.push({ part, error: messageOf(error) })
      return instead
    }
  }
  const [instances, links, truth] = await Promise.all([
    read<readonly InstanceStatus[]>('the instances', runtime.status({ probeWithinMs }), []),
    read<readonly LinkStatus[]>('the links', sandbox.links.list(), []),
    sandbox.truth.partialCounters(late),
  ])
  unread.push(...truth.unread.map(({ source, error }) => ({ part: source, error })))
  return {
    system: viewSystem(sandbox.system),
    runtime: runtime.kind,
    version: facts.version,
    node: process.version,
    slot: facts.slot,
    startedAt: facts.startedAt,
    ready: instances.length > 0 && instances.every(({ state }) => state === 'ready'),
    halted: sandbox.halted,
    urls: urlsOf(sandbox, facts),
    instances,
    links,
    faults: sandbox.faults.list(),
    truth: truth.unread.length === 0 ? truth.counters : null,
    ...now,
    lastSeq: sandbox.journal.lastSeq,
    ...(unread.length === 0 ? {} : { unread }),
  }
}

/** The addresses as the host sees them, in both runtimes. */
function urlsOf(sandbox: Sandbox, { slot, url, proxyPort }: SandboxFacts): SandboxView['urls'] {
  const { runtime, system } = sandbox
  const { topology } = system
  const local = (portOffset: number): string => `127.0.0.1:${localPort(slot, portOffset)}`
  const inDocker = runtime.kind === 'docker'
  const inside = storeUrls(sandbox)
  return {
    dashboard: url,
    shop: topology.links
      .filter(({ caller }) => caller === client)
      .map(({ portOffset }) => `http://${local(portOffset)}`),
    proxy: `http://127.0.0.1:${proxyPort ?? proxyApiPort + slot}`,
    ...(inDocker ? storeUrls(sandbox, local) : inside),
    ...(inDocker ? { inside: { proxy: runtime.addresses.proxyUrl, ...inside } } : {}),
  }
}

/** The addresses of the stores that the system has, as the controller reaches them, or as the host does. */
function storeUrls(
  { runtime, system }: Sandbox,
  hostOf?: (portOffset: number) => string,
): Partial<Record<StoreKind, string>> {
  const { addresses } = runtime
  const primaries = system.topology.stores.filter(({ replicaOf }) => replicaOf === undefined)
  return Object.fromEntries(
    primaries.map((store) => {
      const kind = kindOfStore(store)
      const url = kind === 'postgres' ? addresses.serviceDatabaseUrl : addresses.redisUrl
      if (hostOf === undefined) return [kind, url]
      return [kind, Object.assign(new URL(url), { host: hostOf(store.portOffset) }).href]
    }),
  )
}
