import { kindOfStore, storeOfKind } from '#chaos/contracts/topology.ts'
import type { Store, StoreKind, Topology } from '#chaos/contracts/topology.ts'
import { InputError } from '#chaos/lib/errors.ts'

/** The store of this kind that is not a replica. Throws {@link InputError} if the system does not have one. */
export function storeNamed(topology: Topology, kind: StoreKind): Store {
  const store = storeOfKind(topology, kind)
  if (store !== undefined) return store
  const others = topology.stores.map(kindOfStore).join(', ')
  throw new InputError(`This system has no ${kind}.`, {
    remedy: `Its stores: ${others === '' ? 'none' : others}.`,
    status: 404,
  })
}
