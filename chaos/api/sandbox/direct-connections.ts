import type { DirectConnections, Runtime } from '#chaos/contracts/runtime.ts'
import { InputError } from '#chaos/lib/errors.ts'

/** Open connections that pass no link. Throws {@link InputError} where every connection passes one. */
export async function directConnectionsOf(
  runtime: Pick<Runtime, 'directConnections'>,
): Promise<readonly DirectConnections[]> {
  if (runtime.directConnections !== undefined) return await runtime.directConnections()
  throw new InputError('In this sandbox, every connection between instances passes a link.', {
    remedy: 'Only an adopted Compose project can have connections that pass none: unhappy adopt',
    status: 409,
  })
}
