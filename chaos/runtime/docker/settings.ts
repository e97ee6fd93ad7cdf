import type { Environment } from '#chaos/contracts/runtime.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { statusOf } from './engine/connect-engine.ts'
import { tarOf } from './engine/tar.ts'
import { controller } from './project.ts'
import type { Project } from './project.ts'

/**
 * Settings of instances that differ from docker-compose.yml. They lie on a volume that the controller's container may write
 * and the services may read; `with-settings` loads them when the instance starts.
 */
const folder = '/run/unhappy/env'

/** Replaces what was left for the instance. It takes effect with the next start. */
export async function writeSettings(
  project: Project,
  instance: string,
  environment: Environment,
): Promise<void> {
  const container = await project.container(controller)
  await container.putArchive(tarOf(instance, toShell(environment)), { path: folder })
}

/** Whether something was left for the instance. */
export async function hasSettings(project: Project, instance: string): Promise<boolean> {
  const container = await project.container(controller)
  try {
    const answer: unknown = await container.infoArchive({ path: `${folder}/${instance}` })
    const { headers } = answer as { headers: Readonly<Record<string, string>> }
    const stat = headers['x-docker-container-path-stat'] ?? ''
    const { size } = JSON.parse(Buffer.from(stat, 'base64').toString()) as { size: number }
    return size > 0
  } catch (error) {
    if (statusOf(error) === 404) return false
    throw error
  }
}

/** Assignments that a shell reads back exactly. Throws {@link InputError} for a name that is none. */
export function toShell(environment: Environment): string {
  return Object.entries(environment)
    .map(([name, value]) => {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
        throw new InputError(`"${name}" is no name of an environment variable.`, {
          remedy: 'Use letters, digits and _, and no digit first.',
        })
      return `${name}='${value.replaceAll("'", String.raw`'\''`)}'\n`
    })
    .join('')
}
