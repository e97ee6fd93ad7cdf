import type { Store, StoreName, Topology } from '#chaos/contracts/topology.ts'
import { InputError } from '#chaos/lib/errors.ts'

/** Throws {@link InputError} if the system does not have the store. */
export function storeNamed({ stores }: Topology, name: StoreName): Store {
  const store = stores.find((one) => one.name === name)
  if (store !== undefined) return store
  const others = stores.map((one) => one.name).join(', ')
  throw new InputError(`This system has no ${name}.`, {
    remedy: `Its stores: ${others === '' ? 'none' : others}.`,
    status: 404,
  })
}
