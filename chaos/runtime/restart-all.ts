import type { Environment, InstanceRequest, Lifecycle } from '#chaos/contracts/runtime.ts'
import type { Topology } from '#chaos/contracts/topology.ts'

/**
 * Kills every instance of the system at once, then starts all of them with their environments (their
 * own defaults where none is given). A run starts with it, so a graceful shutdown has no use here.
 * `whileDown` runs while no instance runs: it resets the database and Redis. When every attempt has
 * ended, it rejects with the first error.
 */
export async function restartAll(
  runtime: Pick<Lifecycle, 'kill' | 'start'>,
  request: InstanceRequest & {
    readonly topology: Pick<Topology, 'instances'>
    readonly environments: Readonly<Record<string, Environment>>
    readonly whileDown?: () => Promise<void>
  },
): Promise<void> {
  const { by, signal, topology, environments, whileDown } = request
  const names = topology.instances.map(({ name }) => name)
  await all(names, async (name) => await runtime.kill(name, { by, planned: true }))
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
