import type { Runtime } from '#chaos/contracts/runtime.ts'
import { kindOfStore, type Topology } from '#chaos/contracts/topology.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { acceptsConnections } from '#chaos/runtime/accepts-connections.ts'
import { createContainerLifecycle } from '#chaos/runtime/docker/container-lifecycle.ts'
import { readContainerTimes } from '#chaos/runtime/docker/engine/container-times.ts'
import { listenToEngine, watchContainers } from '#chaos/runtime/docker/engine/engine-events.ts'
import { readLogs } from '#chaos/runtime/docker/engine/logs.ts'
import { readStatuses } from '#chaos/runtime/docker/engine/statuses.ts'
import { dataPlane } from '#chaos/runtime/docker/project.ts'
import type { Project } from '#chaos/runtime/docker/project.ts'
import type { IsReady } from '#chaos/runtime/docker/readiness.ts'
import { createPacketFilter } from '#chaos/runtime/docker/sidecars/packet-filter.ts'
import { createTracker } from '#chaos/runtime/docker/tracker.ts'
import type { Tracker } from '#chaos/runtime/docker/tracker.ts'
import { storeServes } from '#chaos/runtime/store-accepts.ts'

import { linksContainerOf } from '../plan/adoption-plan.ts'
import type { AdoptionPlan } from '../plan/adoption-plan.ts'
import { instancesOfPlan } from '../plan/plan-adoption.ts'
import { createAdoptedAddresses } from './adopted-addresses.ts'
import type { AdoptedAddresses } from './adopted-addresses.ts'
import { createAdoptedLimits } from './adopted-limits.ts'
import { adoptedPacketRules } from './adopted-packets.ts'
import { announceReady } from './announce-ready.ts'
import { cleanUpAdopted } from './clean-up-adopted.ts'
import { crashContainer } from './crash-container.ts'
import { instanceAt } from './instance-at.ts'
import { leadThroughLinks, type LeadThroughLinksParts } from './lead-through-links.ts'
import { readCommands } from './read-commands.ts'

export interface AdoptedRuntimeParts {
  readonly project: Project
  readonly plan: AdoptionPlan
  readonly topology: Topology
  readonly slot: number
  readonly proxyPort: number
  /** The links' address on each network. */
  readonly addressOn: ReadonlyMap<string, string>
  /** The main port of each instance that has one. */
  readonly ports: ReadonlyMap<string, number>
  readonly clock: Clock
  /** Whether a link refuses connections now. */
  readonly refuses: (link: string) => boolean
  /** The connections that pass no link. */
  readonly direct: Pick<LeadThroughLinksParts, 'find' | 'cut'>
  /** Called when the runtime is disposed, after its own parts have ended. */
  readonly release: () => Promise<void>
}

/**
 * The runtime of an adopted Compose project. It acts on the containers of this project alone, and it neither creates, recreates nor
 * configures one: so it starts no profile and no other code, and it skews no clock.
 */
export async function createAdoptedRuntime(parts: AdoptedRuntimeParts): Promise<Runtime> {
  const { project, plan, clock, addressOn } = parts
  const addresses = createAdoptedAddresses(parts)
  const isReady = createAdoptedReadiness(parts, addresses)
  const policies = new Map(
    instancesOfPlan(plan).map(({ name, container }) => [name, container.restartPolicy] as const),
  )
  const tracker = createTracker(clock, (name) => {
    const policy = policies.get(name)
    return policy === 'no' ? undefined : policy
  })
  const ended = new AbortController()
  const { signal } = ended
  await listenToEngine({ project, clock, signal, onEvent: (event) => tracker.onEngineEvent(event) })
  await listenToLinks(project, tracker, clock, signal)
  announceReady({ tracker, isReady, clock, signal })
  for (const name of project.targets) await isReady(name)

  const filter = createPacketFilter(
    project,
    clock,
    async (request) => await adoptedPacketRules(project, plan, addressOn, request),
  )
  const lifecycle = createContainerLifecycle({
    project,
    tracker,
    isReady,
    clock,
    filter,
    crash: async (container, inspection) => {
      const name = project.instanceOf(inspection.Config.Labels) ?? dataPlane
      await crashContainer(project, name, container, inspection)
    },
  })
  return {
    kind: 'adopted',
    addresses,
    packetFilter: filter,
    resourceLimits: createAdoptedLimits(project),
    ...lifecycle,
    start: async (name, { environment = {}, ...request }) => {
      refuseEnvironment(name, environment)
      await lifecycle.start(name, request)
    },
    status: async () =>
      await readStatuses({ project, on: [], tracker, isReady, seamsOf: async () => undefined }),
    instanceAt: async (service, address) => await instanceAt(project, plan, service, address),
    onInstance: (listener) => tracker.onInstance(listener),
    logs: (name, options) => readLogs(project, clock, name, options),
    containerTimes: async () => await readContainerTimes(project, project.targets),
    processes: async (name) => await readCommands(project, name),
    leadThroughLinks: async (request) =>
      await leadThroughLinks({ plan, lifecycle, ...parts.direct }, request),
    cleanUp: async () => await cleanUpAdopted(project, filter),
    [Symbol.asyncDispose]: async () => {
      ended.abort()
      await parts.release()
    },
  }
}

/** The links are a container of ours, so they have no label of the user's project. */
async function listenToLinks(
  { docker, name }: Project,
  tracker: Tracker,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  await watchContainers({
    docker,
    clock,
    signal,
    filters: { event: ['start', 'die'], container: [linksContainerOf(name)] },
    onEvent: ({ Action: action, Actor: { Attributes: { exitCode } = {} } = {} }) => {
      if (action !== 'start' && action !== 'die') return
      const code = exitCode === undefined ? {} : { exitCode: Number(exitCode) }
      tracker.onEngineEvent({ instance: dataPlane, action, ...code })
    },
  })
}

function refuseEnvironment(name: string, environment: Readonly<Record<string, string>>): void {
  const [variable] = Object.keys(environment)
  if (variable === undefined) return
  throw new InputError(`${name} is your own container: ${variable} cannot be set for one run.`, {
    remedy: 'Set it in your Compose file, and start the project again: docker compose up --detach',
    status: 409,
  })
}

/**
 * Ready: a store serves, another instance accepts connections at its main port, and its links do not refuse any more. Without a
 * port, it runs. A health check of the container does not count: it may lag by its interval, or fail in a container that works.
 */
function createAdoptedReadiness(
  { project, plan, topology, refuses }: AdoptedRuntimeParts,
  addresses: AdoptedAddresses,
): IsReady {
  const services = new Map(instancesOfPlan(plan).map(({ name, service }) => [name, service]))
  return async (name) => {
    try {
      if (name === dataPlane) return await answers(`${addresses.proxyUrl}/version`)
      const inspection = await project.find(name)
      if (inspection === undefined) return false
      addresses.update(name, inspection)
      const { State } = inspection
      if (!State.Running || State.Paused) return false
      const address = addresses.of(name)
      if (address === undefined) return true
      const store = topology.stores.find((one) => one.name === name)
      const accepts =
        store === undefined
          ? await acceptsConnections(address.port, address.host)
          : await storeServes({ ...address, store: kindOfStore(store), databaseName: 'postgres' })
      const links = plan.links.filter(
        ({ callee, port }) => callee === services.get(name) && port === address.port,
      )
      return accepts && !links.some((link) => refuses(link.name))
    } catch {
      return false
    }
  }
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(1_000) })
  await response.body?.cancel()
  return response.ok
}
