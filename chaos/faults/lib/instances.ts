import type { FaultContext, FaultRequest } from '#chaos/contracts/fault.ts'
import type { Environment } from '#chaos/contracts/runtime.ts'
import { parseDuration } from '#chaos/lib/duration.ts'

/** Time between SIGTERM and SIGKILL when the fault does not say. */
export const graceDefault = '10s'

/** Starts the instance with the environment of its last start. An instance that already runs stays as it is. */
export async function startInstance(
  name: string,
  request: Pick<FaultRequest<unknown>, 'by'>,
  context: Pick<FaultContext, 'runtime'>,
  signal: AbortSignal,
): Promise<void> {
  await context.runtime.start(name, { by: request.by, signal })
}

/** SIGTERM, and SIGKILL when its grace period ends. */
export async function stopInstance(
  name: string,
  request: Pick<FaultRequest<unknown>, 'by'>,
  context: Pick<FaultContext, 'runtime'>,
  { grace, signal }: { readonly grace: string; readonly signal: AbortSignal },
): Promise<void> {
  await context.runtime.stop(name, { by: request.by, graceMs: parseDuration(grace), signal })
}

/** Stops the instance with SIGTERM and starts it with this environment. */
export async function restartInstance(
  name: string,
  request: Pick<FaultRequest<unknown>, 'by'>,
  context: Pick<FaultContext, 'runtime'>,
  how: { readonly grace: string; readonly environment?: Environment; readonly signal: AbortSignal },
): Promise<void> {
  const { grace, signal, ...environment } = how
  await stopInstance(name, request, context, { grace, signal })
  await context.runtime.start(name, { by: request.by, signal, ...environment })
}

/** `downFor` as the fault's own end. Absent: the fault lasts until it is healed. */
export function endsAfter(downFor: string | undefined): { lastsMs?: number } {
  return downFor === undefined ? {} : { lastsMs: parseDuration(downFor) }
}
