import type { FaultContext, FaultRequest } from '#chaos/contracts/fault.ts'
import { withAllProfiles } from '#chaos/contracts/topology.ts'
import type { Store } from '#chaos/contracts/topology.ts'
import { InputError } from '#chaos/lib/errors.ts'

/** The replica that a fault uses. */
export interface Replica {
  readonly store: Store
  /** Stops it, unless a run, a user or another fault needs it. Returns whether it goes on. */
  release(): Promise<boolean>
}

/** The name of the replica that a target means: the replica itself, or the replica of a store. Throws {@link InputError}. */
export function replicaOf({ topology }: Pick<FaultContext, 'topology'>, target: string): Store {
  const { stores } = withAllProfiles(topology)
  const own = stores.find(({ name, replicaOf }) => name === target && replicaOf !== undefined)
  const store = own ?? stores.find((one) => one.replicaOf === target)
  if (store !== undefined) return store
  throw new InputError(`No replica of ${target} exists in this system.`, { status: 404 })
}

/** Starts the replica that the target means, unless it runs already. `restarts`: see {@link HoldRequest}. */
export async function holdReplica(
  context: Pick<FaultContext, 'topology' | 'profiles' | 'runtime' | 'signal'>,
  { id, by }: Pick<FaultRequest<unknown>, 'id' | 'by'>,
  target: string,
  restarts: boolean,
): Promise<Replica> {
  const store = replicaOf(context, target)
  const { profiles, runtime, signal } = context
  const { profile } = store
  if (profile === undefined) return { store, release: async () => true }
  if (profiles === undefined)
    throw new InputError(`${store.name} runs only with the profile ${profile}.`, { status: 409 })
  const holder = `fault ${id}` as const
  await profiles.hold(profile, { holder, by, signal, restarts })
  return {
    store,
    release: async () => {
      await profiles.release(profile, { holder, by, restarts })
      return runtime.profiles?.on.includes(profile) === true
    },
  }
}
