import type { FaultContext, InjectedFault } from '#chaos/contracts/fault.ts'
import type { RuntimeProfiles } from '#chaos/contracts/runtime.ts'
import { InputError } from '#chaos/lib/errors.ts'

/** Moves the traffic of a store to its replica and back. */
export interface FailoverRoutes {
  readonly profiles: RuntimeProfiles
  /** New connections lead to this store, and the sandbox reads the truth there. Live connections stay. */
  moveTo(primary: string): Promise<void>
  /** Whether a link leads to the replica. False after a restart of the data plane. */
  readonly remainsOn: NonNullable<InjectedFault['remainsOn']>
}

/** The routes of a failover from a store to its replica. Throws {@link InputError} in a runtime without replicas. */
export function failoverRoutes(
  { runtime, links, topology }: Pick<FaultContext, 'runtime' | 'links' | 'topology'>,
  store: string,
  replica: string,
): FailoverRoutes {
  const { profiles } = runtime
  if (profiles === undefined)
    throw new InputError(`The runtime "${runtime.kind}" has no replicas.`, { status: 501 })
  const names = topology.links.filter(({ callee }) => callee === store).map(({ name }) => name)
  const replicaAddress = profiles.addressOf(replica)
  return {
    profiles,
    moveTo: async (primary) => {
      const address = profiles.addressOf(primary)
      await Promise.all(names.map(async (name) => await links.lead(name, address)))
      profiles.setPrimary(store, primary)
    },
    remainsOn: (statuses) => statuses.some(({ upstream }) => upstream === replicaAddress),
  }
}
