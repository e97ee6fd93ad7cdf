import type { XrayBody, XraySummary } from '#chaos/contracts/api.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import type { System } from '#chaos/contracts/system.ts'
import { flowFileIn, isFlowFile, listFlowFiles } from '#chaos/derived/file/flow-files.ts'
import { readFlow } from '#chaos/derived/file/load-flow.ts'
import { findLab } from '#chaos/exercise/find-lab.ts'
import { parseVersion } from '#chaos/exercise/version.ts'
import type { Home } from '#chaos/home/home.ts'
import { readablePath } from '#chaos/home/readable-path.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { flowNamed } from '#chaos/xray/flow-named.ts'

import type { XrayControl } from '../controller.ts'
import type { ArchivedXray } from './archived-xray.ts'
import { startXray, type StartedXray } from './start-xray.ts'
import { createXrayArchive } from './xray-archive.ts'

export interface XrayControlOptions {
  readonly system: Pick<System, 'name' | 'flows'>
  readonly home: Home
  readonly labs: readonly Lab[]
  readonly clock: Clock
  /** The folder of an adopted system, with flow files. Absent: the system is not adopted. */
  readonly flowFolder?: string
  /** Starts an X-ray in the sandbox of this controller; absent: an X-ray starts its own sandboxes. */
  readonly startHere?: (
    request: XrayBody,
    place: { readonly id: string; readonly folder: string },
  ) => Promise<StartedXray>
  /** Throws {@link InputError} during a run: the X-ray's load would disturb it. */
  readonly assertAllowed: () => void
}

/** The X-rays in the runs folder. Starts one at a time. Disposing stops the one that it started. */
export function createXrayControl(options: XrayControlOptions): XrayControl & AsyncDisposable {
  const { system, home, clock } = options
  const archive = createXrayArchive(home.runs, clock)
  let ours: { readonly id: string; readonly started: Promise<StartedXray> } | undefined
  const isOurs = (id: string): boolean => ours?.id === id
  const summaryOf = (xray: ArchivedXray): XraySummary => ({
    ...xray,
    // The user of an adopted system works in another folder.
    folder:
      options.flowFolder === undefined
        ? readablePath(archive.folderOf(xray.id))
        : archive.folderOf(xray.id),
    ours: isOurs(xray.id),
  })
  const stop = async (): Promise<void> => {
    const started = await ours?.started.catch(() => undefined)
    await started?.[Symbol.asyncDispose]()
  }
  return {
    list: async () => ({
      xrays: (await archive.list()).map(summaryOf),
      flows: Object.entries(system.flows).map(([name, { description }]) => ({
        name,
        description,
      })),
      files: options.flowFolder === undefined ? null : await listFlowFiles(options.flowFolder),
      cannotStart: null,
      usesSandbox: options.startHere !== undefined,
    }),
    get: async (id) => {
      const { summary, matrix } = await archive.load(id)
      return { ...summaryOf(summary), matrix }
    },
    cell: async (id, cell) => archive.cell(id, cell),
    file: async (id, name) => archive.file(id, name),
    start: async (asked) => {
      refuse(options, asked, ours?.id)
      const request = await withFile(options, asked)
      if (request.file === undefined) flowNamed(system, request.flow)
      const id = idOf(request, clock)
      const folder = archive.folderOf(id)
      const started =
        options.startHere?.(request, { id, folder }) ??
        startXray(request, { home: home.folder, folder, clock })
      const one = { id, started }
      ours = one
      const forget = (): void => {
        if (ours === one) ours = undefined
      }
      try {
        void (await started).ended.then(forget)
      } catch (error) {
        forget()
        throw error
      }
      const { summary } = await archive.load(id)
      return summaryOf(summary)
    },
    stop: async (id) => {
      if (isOurs(id)) return stop()
      const { summary } = await archive.load(id)
      if (summary.state === 'running')
        throw new InputError(`Another process has started the X-ray ${id}.`, {
          remedy: 'Stop it in its own terminal: Ctrl-C',
          status: 409,
        })
    },
    [Symbol.asyncDispose]: stop,
  }
}

/** A request that names a flow file of the folder has its text, and the name of its flow. */
async function withFile({ flowFolder }: XrayControlOptions, request: XrayBody): Promise<XrayBody> {
  if (flowFolder === undefined || request.file !== undefined || !isFlowFile(request.flow))
    return request
  const { path, text, name } = await readFlow(
    await flowFileIn(flowFolder, request.flow),
    request.retry === true,
  )
  return { ...request, flow: name, file: { path, text } }
}

function refuse(options: XrayControlOptions, request: XrayBody, running: string | undefined): void {
  options.assertAllowed()
  if (running !== undefined)
    throw new InputError(`The X-ray ${running} is running. One can run at a time.`, {
      remedy: `Wait until it has ended, or stop it: DELETE /api/xrays/${running}`,
      status: 409,
    })
  if (request.lab !== undefined) {
    const lab = findLab(options.labs, request.lab)
    if (request.version !== undefined) parseVersion(lab, request.version)
  }
}

function idOf({ flow }: XrayBody, clock: Pick<Clock, 'wallTimeMs'>): string {
  const stamp = new Date(clock.wallTimeMs()).toISOString().slice(0, 19)
  return `xray-${stamp.replaceAll(/[-:]/g, '').replace('T', '-')}-${flow}`
}
