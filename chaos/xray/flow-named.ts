import type { System } from '#chaos/contracts/system.ts'
import type { Flow } from '#chaos/contracts/system/flow.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'

/** The flow of the system with this name. Throws {@link InputError} with the nearest name. */
export function flowNamed(
  { name: system, flows }: Pick<System, 'name' | 'flows'>,
  name: string,
): Flow {
  const flow = Object.hasOwn(flows, name) ? flows[name] : undefined
  if (Object.keys(flows).length === 0)
    throw new InputError(`Nothing is known about the flows of ${system}.`, {
      remedy: 'Describe one in a file, and X-ray it: unhappy xray FILE.flow.yaml',
      status: 409,
    })
  if (flow === undefined) throw unknownName('flow', name, Object.keys(flows))
  return flow
}
