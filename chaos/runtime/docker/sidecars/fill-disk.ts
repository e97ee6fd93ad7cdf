import { InputError } from '#chaos/lib/errors.ts'

import { engineStatusOf } from '../engine/connect-engine.ts'
import type { ContainerInspection } from '../engine/connect-engine.ts'
import { dataPlane } from '../project.ts'
import type { Project } from '../project.ts'
import { runSidecar, startSidecar } from './sidecar.ts'

/** The file that `image/fill-disk` writes. */
const filler = 'unhappy-path-filler'

/**
 * Fills the volume of a store until `leaveBytes` are free. The next larger write fails with "no
 * space left on device". Works only on small volumes in memory; the sidecar refuses any other.
 * Throws {@link InputError} for an instance without a volume.
 */
export async function fillDisk(
  project: Project,
  name: string,
  request: { readonly leaveBytes: number; readonly leaseMs: number },
): Promise<AsyncDisposable> {
  const { Source, Destination } = volumeOf(name, await project.inspect(name))
  const plane = await project.container(dataPlane)
  const sidecar = await startSidecar(project, {
    kind: 'disk-full',
    instance: name,
    command: [
      'fill-disk',
      String(request.leaseMs / 1_000),
      String(request.leaveBytes),
      Destination,
    ],
    host: {
      NetworkMode: `container:${plane.id}`,
      Binds: [`${Source}:${Destination}`],
      CapAdd: ['DAC_OVERRIDE'],
    },
  })
  return { [Symbol.asyncDispose]: async () => await sidecar.stop() }
}

/**
 * Removes a filler whose sidecar was killed before it removed the file. Returns whether there was
 * one.
 */
export async function removeFiller(project: Project, name: string): Promise<boolean> {
  const { Source, Destination } = volumeOf(name, await project.inspect(name))
  const container = await project.container(name)
  try {
    await container.infoArchive({ path: `${Destination}/${filler}` })
  } catch (error) {
    if (engineStatusOf(error) === 404) return false
    throw error
  }
  await runSidecar(project, {
    kind: 'disk-full-clean-up',
    instance: name,
    command: ['rm', '-f', `${Destination}/${filler}`],
    host: { Binds: [`${Source}:${Destination}`], CapAdd: ['DAC_OVERRIDE'] },
  })
  return true
}

function volumeOf(
  name: string,
  inspection: ContainerInspection,
): { Source: string; Destination: string } {
  const volume = inspection.Mounts.find(({ Type, RW }) => Type === 'volume' && RW)
  if (volume?.Name === undefined)
    throw new InputError(`${name} has no volume to fill.`, {
      remedy: 'Choose postgres or redis.',
    })
  return { Source: volume.Name, Destination: volume.Destination }
}
