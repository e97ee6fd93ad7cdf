import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'

import { InputError, messageOf } from '#chaos/lib/errors.ts'
import { instances } from '#services/topology.ts'

import type { Exercise } from '../code-versions.ts'
import type { Sandbox } from '../sandbox.ts'
import { checkRunningSeams } from './check-running-seams.ts'
import type { RunRequest } from './run-request.ts'
import { shopEnvironments } from './shop-environments.ts'

const projectRoot = resolve(import.meta.dirname, '../../..')

/** The seam files of a scenario's `frozen` folder, which counts from the project's root. Throws {@link InputError}. */
export async function readFrozenCode(folder: string | undefined): Promise<Exercise | undefined> {
  if (folder === undefined) return undefined
  const path = resolve(projectRoot, folder)
  const names = await readdir(path).catch((error: unknown) => {
    throw new InputError(`The folder of the frozen code cannot be read: ${messageOf(error)}.`, {
      remedy: 'shop.frozen is a folder of seam files, counted from the root of the project.',
    })
  })
  const seams = names.filter((name) => name.endsWith('.ts')).map((name) => name.slice(0, -3))
  if (seams.length > 0) return { folder: path, seams: seams.toSorted() }
  throw new InputError(`There is no seam file in the folder of the frozen code, ${folder}.`, {
    remedy: 'A seam file is named for its seam: write-order-message.ts',
  })
}

/**
 * Gives the frozen code to every instance of the API and of the worker, if the scenario has such code: production as it is
 * before a deploy. At once and without draining, because the shop is at rest. Payments keeps its books.
 */
export async function deployFrozenCode(
  { runtime, code }: Pick<Sandbox, 'runtime' | 'code'>,
  order: RunRequest,
): Promise<void> {
  const { frozen } = code
  if (frozen === undefined) return
  const { signal } = order
  const environments = shopEnvironments({ ...order, exercise: frozen }, runtime)
  const ours = instances.filter(({ service }) => service !== 'payments')
  await Promise.all(
    ours.map(async ({ name }) => {
      await runtime.kill(name, { by: 'scenario', signal })
      const environment = environments[name] ?? {}
      await runtime.start(name, { by: 'scenario', signal, environment })
    }),
  )
  await checkRunningSeams(runtime, frozen, signal)
}
