import { formatSpace, ownProcessSpace, parseSpace, relationTo } from '#chaos/lib/process-space.ts'
import { processStart } from '#chaos/lib/process-start.ts'

/** The process that keeps an adoption. Every network and container of the adoption names it in a label. */
export interface AdoptionController {
  readonly pid: number
  /** See {@link processStart}: the same pid may belong to another process later. */
  readonly started: string
  /** Where the pid has its meaning. */
  readonly space: string
  /** The home (`UNHAPPY_HOME`) whose `unhappy release` ends it. */
  readonly home: string
  /** The folder in which the user adopted the project. */
  readonly folder: string
}

/** This process, as the controller of an adoption. */
export async function thisController(
  place: Pick<AdoptionController, 'home' | 'folder'>,
): Promise<AdoptionController> {
  return {
    pid: process.pid,
    started: (await processStart(process.pid)) ?? '',
    space: formatSpace(ownProcessSpace()),
    home: place.home,
    folder: place.folder,
  }
}

/** Undefined: the label is absent or not ours. */
export function readController(label: string | undefined): AdoptionController | undefined {
  try {
    const { pid, started, space, home, folder } = JSON.parse(
      label ?? '',
    ) as Partial<AdoptionController>
    if (typeof pid !== 'number') return undefined
    return { pid, started: `${started}`, space: `${space}`, home: `${home}`, folder: `${folder}` }
  } catch {
    return undefined
  }
}

/** `unknown`: its pid means nothing here, because it runs in another container or on another machine. */
export async function stateOfController(
  controller: AdoptionController | undefined,
): Promise<'lives' | 'gone' | 'unknown'> {
  const space = controller === undefined ? undefined : parseSpace(controller.space)
  if (controller === undefined || space === undefined) return 'unknown'
  const relation = relationTo(space)
  if (relation === 'earlier-boot') return 'gone'
  if (relation !== 'same') return 'unknown'
  return (await processStart(controller.pid)) === controller.started ? 'lives' : 'gone'
}
