import type { FaultContext, FaultRequest } from '#chaos/contracts/fault.ts'
import type { Environment } from '#chaos/contracts/runtime.ts'
import { parseDuration } from '#chaos/lib/duration.ts'

/** How long a process gets after SIGTERM when the fault does not say. */
export const graceDefault = '10s'

/** Starts the instance as it started the last time; one that runs already stays as it is. */
export async function bringBack(
  name: string,
  order: Pick<FaultRequest<unknown>, 'by'>,
  context: Pick<FaultContext, 'runtime'>,
  signal: AbortSignal,
): Promise<void> {
  await context.runtime.start(name, { by: order.by, signal })
}

/** Stops the instance in an orderly way and starts it with this environment. */
export async function startAnew(
  name: string,
  order: Pick<FaultRequest<unknown>, 'by'>,
  context: Pick<FaultContext, 'runtime'>,
  how: { readonly grace: string; readonly environment?: Environment; readonly signal: AbortSignal },
): Promise<void> {
  const { grace, signal, ...environment } = how
  await context.runtime.stop(name, { by: order.by, graceMs: parseDuration(grace), signal })
  await context.runtime.start(name, { by: order.by, signal, ...environment })
}

/** `downFor` as the fault's own end; none means: until it is undone. */
export function endsAfter(downFor: string | undefined): { lastsMs?: number } {
  return downFor === undefined ? {} : { lastsMs: parseDuration(downFor) }
}
