import type { Environment } from '#chaos/contracts/runtime.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { engineStatusOf } from './engine/connect-engine.ts'
import { controller } from './project.ts'
import type { Project } from './project.ts'

/**
 * Folder on a volume with the settings of instances that differ from docker-compose.yml. The controller's container may write
 * them, and the services may read them; `with-settings` loads them when an instance starts.
 */
const folder = '/run/unhappy/env'
/** The same for the clocks of instances: see {@link createClocks}. `with-settings` names the file of an instance. */
const clockFolder = '/run/unhappy/clock'

/** Replaces the settings of the instance. They take effect with its next start. */
export async function writeSettings(
  project: Project,
  instance: string,
  environment: Environment,
): Promise<void> {
  const container = await project.container(controller)
  await container.putArchive(tarOf(instance, toShell(environment)), { path: folder })
}

/** Replaces the file with the skews of the instance's clock. The kernel reports the change to its process. */
export async function writeClockFile(
  project: Project,
  instance: string,
  text: string,
): Promise<void> {
  const container = await project.container(controller)
  await container.putArchive(tarOf(instance, text), { path: clockFolder })
}

export async function hasClockFile(project: Project, instance: string): Promise<boolean> {
  return await hasContent(project, `${clockFolder}/${instance}`)
}

/** Whether the instance has settings here. */
export async function hasSettings(project: Project, instance: string): Promise<boolean> {
  return await hasContent(project, `${folder}/${instance}`)
}

async function hasContent(project: Project, path: string): Promise<boolean> {
  const container = await project.container(controller)
  try {
    const answer: unknown = await container.infoArchive({ path })
    const { headers } = answer as { headers: Readonly<Record<string, string>> }
    const stat = headers['x-docker-container-path-stat'] ?? ''
    const { size } = JSON.parse(Buffer.from(stat, 'base64').toString()) as { size: number }
    return size > 0
  } catch (error) {
    if (engineStatusOf(error) === 404) return false
    throw error
  }
}

/** Assignments that a shell reads back exactly. Throws {@link InputError} for an invalid name. */
export function toShell(environment: Environment): string {
  return Object.entries(environment)
    .map(([name, value]) => {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
        throw new InputError(`"${name}" is not a valid name of an environment variable.`, {
          remedy: 'Use letters, digits and _, and do not begin with a digit.',
        })
      return `${name}='${value.replaceAll("'", String.raw`'\''`)}'\n`
    })
    .join('')
}

/** A tar archive with one readable file, for the engine's archive API. */
export function tarOf(name: string, content: string): Buffer {
  const body = Buffer.from(content)
  const header = Buffer.alloc(512)
  header.write(name, 0, 100)
  header.write('0000644\0', 100) // mode
  header.write('0000000\0', 108) // owner
  header.write('0000000\0', 116) // group
  header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136) // modified
  header.write('        ', 148) // the checksum counts itself as spaces
  header.write('0', 156) // a plain file
  header.write('ustar\u000000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  const padding = Buffer.alloc((512 - (body.length % 512)) % 512)
  return Buffer.concat([header, body, padding, Buffer.alloc(1024)])
}
