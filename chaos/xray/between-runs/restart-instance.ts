import type { Lifecycle } from '#chaos/contracts/runtime.ts'

const graceMs = 2_000

/** Ends an instance gracefully and starts it again. Resolves when it is ready. */
export async function restartInstance(
  runtime: Pick<Lifecycle, 'stop' | 'start'>,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  await runtime.stop(name, { by: 'scenario', signal, graceMs })
  await runtime.start(name, { by: 'scenario', signal })
}
