import type { XrayBody, XraySummary } from '#chaos/contracts/api.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import { findLab } from '#chaos/exercise/find-lab.ts'
import { parseVersion, readablePath } from '#chaos/exercise/lab-paths.ts'
import type { Home } from '#chaos/home/home.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'
import { flows, isFlow } from '#chaos/xray/planning/flows.ts'

import type { XrayControl } from '../controller.ts'
import type { ArchivedXray } from './archived-xray.ts'
import { startXray, type StartedXray } from './start-xray.ts'
import { createXrayArchive } from './xray-archive.ts'

export interface XrayControlOptions {
  readonly home: Home
  readonly labs: readonly Lab[]
  readonly clock: Clock
  /** Why none can be made here; null: one can. */
  readonly cannotStart: string | null
  /** Refuses while something measures that an X-ray would disturb. Throws {@link InputError}. */
  readonly assertAllowed: () => void
}

/** X-rays in the runs folder; one at a time can be made from here. Disposing stops it. */
export function createXrayControl(options: XrayControlOptions): XrayControl & AsyncDisposable {
  const { home, clock } = options
  const archive = createXrayArchive(home.runs, clock)
  let ours: { readonly id: string; readonly started: Promise<StartedXray> } | undefined
  const isOurs = (id: string): boolean => ours?.id === id
  const whole = (xray: ArchivedXray): XraySummary => ({
    ...xray,
    folder: readablePath(archive.folderOf(xray.id)),
    ours: isOurs(xray.id),
  })
  const stop = async (): Promise<void> => {
    const started = await ours?.started.catch(() => undefined)
    await started?.[Symbol.asyncDispose]()
  }
  return {
    list: async () => ({
      xrays: (await archive.list()).map(whole),
      flows: Object.entries(flows).map(([name, description]) => ({ name, description })),
      cannotStart: options.cannotStart,
    }),
    get: async (id) => {
      const { summary, matrix } = await archive.load(id)
      return { ...whole(summary), matrix }
    },
    cell: async (id, cell) => archive.cell(id, cell),
    file: async (id, name) => archive.file(id, name),
    start: async (request) => {
      refuse(options, request, ours?.id)
      const id = idOf(request, clock)
      const folder = archive.folderOf(id)
      const one = { id, started: startXray(request, { home: home.folder, folder, clock }) }
      ours = one
      const forget = (): void => {
        if (ours === one) ours = undefined
      }
      try {
        const started = await one.started
        void started.ended.then(forget)
      } catch (error) {
        forget()
        throw error
      }
      const { summary } = await archive.load(id)
      return whole(summary)
    },
    stop: async (id) => {
      if (isOurs(id)) return stop()
      const { summary } = await archive.load(id)
      if (summary.state === 'running')
        throw new InputError(`The X-ray ${id} was not started here.`, {
          remedy: 'Stop it where it was started: Ctrl-C.',
          status: 409,
        })
    },
    [Symbol.asyncDispose]: stop,
  }
}

function refuse(options: XrayControlOptions, request: XrayBody, going: string | undefined): void {
  if (options.cannotStart !== null)
    throw new InputError(options.cannotStart, {
      remedy: 'Make it where Node is: npx unhappy xray',
      status: 409,
    })
  options.assertAllowed()
  if (going !== undefined)
    throw new InputError(`The X-ray ${going} is going on.`, {
      remedy: 'Wait until it is over, or stop it.',
      status: 409,
    })
  if (!isFlow(request.flow)) throw unknownName('flow', request.flow, Object.keys(flows))
  if (request.lab !== undefined) {
    const lab = findLab(options.labs, request.lab)
    if (request.version !== undefined) parseVersion(lab, request.version)
  }
}

function idOf({ flow }: XrayBody, clock: Pick<Clock, 'wallTimeMs'>): string {
  const stamp = new Date(clock.wallTimeMs()).toISOString().slice(0, 19)
  return `xray-${stamp.replaceAll(/[-:]/g, '').replace('T', '-')}-${flow}`
}
