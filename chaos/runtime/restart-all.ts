import type { Environment, InstanceRequest, Lifecycle } from '#chaos/contracts/runtime.ts'
import { instances } from '#services/topology.ts'

/**
 * Ends every instance of the shop at once and starts all of them again, each with its environment (its own defaults where
 * none is given). For the start of a run: there is nothing left that would deserve a drained shutdown. `whileDown` is for
 * what nobody may see half done: emptying database and Redis. Rejects with the first error, when all have ended their
 * attempt.
 */
export async function restartAll(
  runtime: Pick<Lifecycle, 'kill' | 'start'>,
  order: InstanceRequest & {
    readonly environments: Readonly<Record<string, Environment>>
    readonly whileDown?: () => Promise<void>
  },
): Promise<void> {
  const { by, signal, environments, whileDown } = order
  const names = instances.map(({ name }) => name)
  await all(names, async (name) => await runtime.kill(name, { by }))
  signal?.throwIfAborted()
  await whileDown?.()
  await all(names, async (name) => {
    const environment = environments[name] ?? {}
    await runtime.start(name, { by, environment, ...(signal === undefined ? {} : { signal }) })
  })
}

async function all(names: readonly string[], act: (name: string) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled(names.map(act))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
