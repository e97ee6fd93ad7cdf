import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'

import { InputError, messageOf } from '#chaos/lib/errors.ts'

import type { Exercise } from '../code-versions.ts'
import type { Sandbox } from '../sandbox.ts'
import { checkRunningSeams } from './check-running-seams.ts'
import type { RunRequest } from './run-request.ts'
import { shopEnvironments } from './shop-environments.ts'

const projectRoot = resolve(import.meta.dirname, '../../..')

/** The seam files in a scenario's `frozen` folder (relative to the project root). Throws {@link InputError}. */
export async function readFrozenCode(folder: string | undefined): Promise<Exercise | undefined> {
  if (folder === undefined) return undefined
  const path = resolve(projectRoot, folder)
  const names = await readdir(path).catch((error: unknown) => {
    throw new InputError(`The folder of the frozen code cannot be read: ${messageOf(error)}.`, {
      remedy: 'shop.frozen is a folder of seam files, relative to the project root.',
    })
  })
  const seams = names.filter((name) => name.endsWith('.ts')).map((name) => name.slice(0, -3))
  if (seams.length > 0) return { folder: path, seams: seams.toSorted() }
  throw new InputError(`The folder of the frozen code contains no seam file: ${folder}.`, {
    remedy: 'Name each file after its seam, for example write-order-message.ts.',
  })
}

/**
 * Restarts every instance with the frozen code, if the scenario has frozen code: production as it is before a deploy. It kills
 * them without draining, because the system is settled. External instances keep running.
 */
export async function deployFrozenCode(
  sandbox: Pick<Sandbox, 'system' | 'runtime' | 'code'>,
  request: RunRequest,
): Promise<void> {
  const { system, runtime, code } = sandbox
  const { frozen } = code
  if (frozen === undefined) return
  const { signal } = request
  const environments = shopEnvironments({ ...request, exercise: frozen }, system, runtime)
  const restarted = system.topology.instances.filter(({ external }) => external !== true)
  await Promise.all(
    restarted.map(async ({ name }) => {
      await runtime.kill(name, { by: 'scenario', signal, planned: true })
      const environment = environments[name] ?? {}
      await runtime.start(name, { by: 'scenario', signal, environment })
    }),
  )
  await checkRunningSeams(sandbox, frozen, signal)
}
