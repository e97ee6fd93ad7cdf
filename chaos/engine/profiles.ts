import type { LinkControl } from '#chaos/contracts/links.ts'
import type {
  HoldRequest,
  ProfileControl,
  ProfileHolder,
} from '#chaos/contracts/profiles/profile-control.ts'
import { profileNamed } from '#chaos/contracts/profiles/profile-named.ts'
import type {
  Environment,
  RequestedBy,
  Runtime,
  RuntimeProfiles,
} from '#chaos/contracts/runtime.ts'
import { instancesOfProfile, withProfiles } from '#chaos/contracts/topology.ts'
import type { Topology, TopologyLink } from '#chaos/contracts/topology.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { createNamedQueues } from '#chaos/lib/named-queues.ts'

/** The parts of the system that run only when asked. */
export interface Profiles extends ProfileControl {
  /** The system's parts that run now. Its members change with each start and stop of a profile. */
  readonly topology: Topology
  /** What holds each profile that is on. Nothing holds a profile that could not be stopped. */
  readonly holders: ReadonlyMap<string, ReadonlySet<ProfileHolder>>
  /** Opens the links of the profiles that are on: the data plane has restarted without them. */
  reopen(): Promise<void>
}

export interface ProfileParts {
  readonly topology: Topology
  readonly runtime: Runtime
  readonly links: LinkControl
  /** The environment with which an instance was last started. */
  readonly environmentOf: (instance: string) => Environment
}

const graceMs = 3_000

export function createProfiles(parts: ProfileParts): Profiles {
  const { topology, runtime, links } = parts
  const holders = new Map<string, Set<ProfileHolder>>()
  /** Profiles that a fault started without a restart: no instance has their variables yet. */
  const unannounced = new Set<string>()
  const view = changingTopology(topology)
  const queues = createNamedQueues()
  const inTurn = async (work: () => Promise<void>): Promise<void> => await queues('profiles', work)
  /** A profile without a holder is one whose stop has failed: the next release, or the next start, stops it again. */
  const on = (): readonly string[] =>
    [...holders].filter(([, { size }]) => size > 0).map(([name]) => name)

  const stop = async (name: string, request: HoldRequest): Promise<void> => {
    const { restarts = true } = request
    const by = byOf(request)
    const own = profilesOf(runtime)
    holders.set(name, new Set())
    unannounced.delete(name)
    view.show(on())
    for (const link of linksOf(topology, name)) await links.remove(link.name)
    await own.stop(name, { by })
    holders.delete(name)
    if (restarts) await restartInstances(parts, name, by)
  }
  return {
    topology: view.topology,
    holders,
    hold: async (name, request) =>
      await inTurn(async () => {
        profileNamed(topology, name)
        const { holder, signal, restarts = true } = request
        const by = byOf(request)
        const known = holders.get(name)
        if (known !== undefined && known.size > 0) {
          known.add(holder)
          if (unannounced.delete(name) && restarts) await restartInstances(parts, name, by)
          return
        }
        if (known !== undefined) await stop(name, { ...request, restarts: false })
        const own = profilesOf(runtime)
        await own.start(name, { by, ...(signal === undefined ? {} : { signal }) })
        holders.set(name, new Set([holder]))
        try {
          await openLinks(parts, own, name)
          view.show(on())
          if (restarts) await restartInstances(parts, name, by)
          else if (isFault(holder)) unannounced.add(name)
        } catch (error) {
          await stop(name, { ...request, restarts: false }).catch(() => undefined)
          throw error
        }
      }),
    release: async (name, request) =>
      await inTurn(async () => {
        profileNamed(topology, name)
        const known = holders.get(name)
        known?.delete(request.holder)
        if (known?.size === 0) await stop(name, request)
      }),
    reopen: async () =>
      await inTurn(async () => {
        for (const name of on()) await openLinks(parts, profilesOf(runtime), name)
      }),
  }
}

function profilesOf({ profiles, kind }: Runtime): RuntimeProfiles {
  if (profiles !== undefined) return profiles
  throw new InputError(`The runtime "${kind}" has no profiles.`, { status: 409 })
}

function byOf({ holder, by }: HoldRequest): RequestedBy {
  return by ?? (holder === 'scenario' ? 'scenario' : 'user')
}

function isFault(holder: ProfileHolder): boolean {
  return holder.startsWith('fault ')
}

function linksOf(topology: Topology, name: string): readonly TopologyLink[] {
  return profileNamed(topology, name).links ?? []
}

async function openLinks(
  { topology, links }: ProfileParts,
  own: RuntimeProfiles,
  name: string,
): Promise<void> {
  for (const link of linksOf(topology, name))
    await links.open({ name: link.name, protocol: link.protocol, ...own.routeOf(link) })
}

/** Restarts the instances that run and whose variables the profile changes. */
async function restartInstances(
  { topology, runtime, environmentOf }: ProfileParts,
  name: string,
  by: RequestedBy,
): Promise<void> {
  const affected = new Set(
    instancesOfProfile(topology, profileNamed(topology, name)).map((one) => one.name),
  )
  const statuses = await runtime.status()
  const running = statuses.filter(
    (status) => affected.has(status.name) && status.state !== 'absent' && status.state !== 'exited',
  )
  await Promise.all(
    running.map(async (instance) => {
      await runtime.stop(instance.name, { by, graceMs })
      await runtime.start(instance.name, { by, environment: environmentOf(instance.name) })
    }),
  )
}

/** The topology with the profiles that are on. Each read of a member returns the parts of that moment. */
function changingTopology(topology: Topology): {
  readonly topology: Topology
  show(names: readonly string[]): void
} {
  let current = topology
  return {
    topology: {
      ...topology,
      get stores() {
        return current.stores
      },
      get links() {
        return current.links
      },
    },
    show: (names) => {
      current = withProfiles(topology, names)
    },
  }
}
