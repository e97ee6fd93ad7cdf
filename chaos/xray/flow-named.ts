import type { System } from '#chaos/contracts/system.ts'
import type { Flow } from '#chaos/contracts/system/flow.ts'
import { unknownName } from '#chaos/lib/errors.ts'

/** The flow of the system with this name. Throws {@link InputError} with the nearest name. */
export function flowNamed({ flows }: Pick<System, 'flows'>, name: string): Flow {
  const flow = Object.hasOwn(flows, name) ? flows[name] : undefined
  if (flow === undefined) throw unknownName('flow', name, Object.keys(flows))
  return flow
}
