import { mkdir } from 'node:fs/promises'

import type { XrayBody } from '#chaos/contracts/api.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import { readFlow, systemWithFlow, type LoadedFlow } from '#chaos/derived/file/load-flow.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { codeToXray, type CodeToXray } from '#chaos/exercise/code-to-xray.ts'
import type { Home } from '#chaos/home/home.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import { type LiveWriter, writeLive } from '#chaos/xray/live/write-live.ts'
import type { Matrix } from '#chaos/xray/matrix.ts'
import { sweep } from '#chaos/xray/sweep.ts'
import { writeMatrix } from '#chaos/xray/write-matrix.ts'
import { XraySandbox } from '#chaos/xray/xray-sandbox.ts'

import type { CodeSnapshots } from '../runs/code-snapshot.ts'
import type { ExclusiveRunControl } from '../runs/run-control.ts'
import type { StartedXray } from './start-xray.ts'

/** What an X-ray in the controller's own sandbox needs. */
export interface XrayHereParts {
  readonly sandbox: Sandbox
  readonly home: Home
  readonly labs: readonly Lab[]
  readonly snapshots: CodeSnapshots
  readonly runs: Pick<ExclusiveRunControl, 'occupy'>
  /** Restores the shop: its own code, its own timers, empty books, no fault. */
  restore(signal: AbortSignal): Promise<void>
  /** Called before the first order: stops all other use of the sandbox until the result is disposed. */
  quiesce(): Promise<Disposable>
}

interface XrayPlace {
  readonly id: string
  readonly folder: string
}

/** Time to restore the shop, from when the X-ray has ended. */
const restoresWithinMs = 120_000

/**
 * X-rays the sandbox of this controller. Nothing else can use the sandbox until the X-ray has ended. Then the shop is
 * restored, whether the X-ray is done, was stopped, was halted or has failed. Throws {@link InputError} when it does not
 * start.
 */
export async function startXrayHere(
  request: XrayBody,
  place: XrayPlace,
  parts: XrayHereParts,
): Promise<StartedXray> {
  const { lab, version, exerciseDir: exercise, off } = request
  const { file, retry = false } = request
  const flow = file === undefined ? undefined : await readFlow(file, retry)
  // A file that does not fit the system is refused here, with its reason.
  if (flow !== undefined) systemWithFlow(parts.sandbox.system, flow)
  const code = await codeToXray(
    { ...parts, system: parts.sandbox.system },
    { lab, version, exercise, off },
  )
  const begun = Promise.withResolvers<void>()
  const occupied = await parts.runs.occupy(`The X-ray ${place.id}`, async (signal) => {
    const named = flow === undefined ? request : { ...request, flow: flow.name }
    const own = flow === undefined ? parts : { ...parts, sandbox: withFlow(parts.sandbox, flow) }
    await xrayHere({ request: named, place, parts: own, code, signal, begun: begun.resolve })
  })
  await Promise.race([begun.promise, occupied.ended])
  return {
    ended: occupied.ended,
    [Symbol.asyncDispose]: async () => {
      occupied.abort('the user asked for it')
      await occupied.ended
    },
  }
}

/** The sandbox with a system that has the flow. */
function withFlow(sandbox: Sandbox, flow: LoadedFlow): Sandbox {
  // Its other parts, such as `halted`, change while it runs.
  return Object.create(sandbox, {
    system: { get: () => systemWithFlow(sandbox.system, flow) },
  }) as Sandbox
}

interface XrayHere {
  readonly request: XrayBody
  readonly place: XrayPlace
  readonly parts: XrayHereParts
  readonly code: CodeToXray
  readonly signal: AbortSignal
  begun(): void
}

/** Never rejects: an error is in the live file and in the journal. */
async function xrayHere(here: XrayHere): Promise<void> {
  const { request, place, parts, code, signal } = here
  const { clock, journal } = parts.sandbox
  const { name, adopted } = parts.sandbox.system
  try {
    await mkdir(place.folder, { recursive: true })
    const { flow, mode } = request
    const startedAt = new Date(clock.wallTimeMs()).toISOString()
    const env = {
      node: process.version,
      sandboxes: 1,
      timersScaled: parts.sandbox.system.xray?.timers ?? {},
      netsOff: code.off,
    }
    const head = { flow, variant: code.variant, code: seamFilesOf(code), mode, startedAt, env }
    using record = writeLive(place.folder, head, clock)
    here.begun()
    const failure = await fill(here, record).then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    record.status(
      adopted === true ? `Healing every fault of ${name} ...` : `Restoring the ${name} ...`,
    )
    await restore(parts)
    if (failure === undefined) record.done()
    else record.broken(failure.error, signal.aborted ? 'stopped' : 'failed')
  } catch (error) {
    journal.note('error', `The X-ray ${place.id} failed: ${messageOf(error)}`)
  }
}

async function fill(
  { request, place, parts, code, signal }: XrayHere,
  record: LiveWriter,
): Promise<void> {
  const { sandbox } = parts
  const { clock } = sandbox
  using _quiet = await parts.quiesce()
  const { exercise, off, variant } = code
  // A service can read the copy in every runtime, and a file that is saved during the X-ray changes nothing.
  const copy = exercise && {
    folder: await parts.snapshots.take(place, exercise),
    seams: exercise.seams,
  }
  // An earlier X-ray of this sandbox has left its orders in payments' books, so the keys must differ.
  const tag = place.id.replaceAll(/[^0-9]/g, '')
  const setup = { off, signal, tag, ...(copy === undefined ? {} : { exercise: copy }) }
  await using xraySandbox = new XraySandbox(sandbox, setup)
  if (sandbox.system.adopted !== true) record.status('Restarting the shop with short timers ...')
  await xraySandbox.prepare()
  const { flow, mode, only, file, budgetMs } = request
  const matrix: Matrix = await sweep({
    flow,
    mode,
    variant,
    sandboxes: [xraySandbox],
    clock,
    ...(only === undefined ? {} : { only: new Set(only) }),
    ...(budgetMs === undefined ? {} : { budgetMs }),
    onStatus: (text) => record.status(text),
    onProgress: (progress) => record.show(progress),
  })
  const ownFile = file === undefined ? {} : { flowFile: file }
  await writeMatrix(
    place.folder,
    { ...matrix, ...ownFile, code: seamFilesOf(code) },
    sandbox.system,
  )
}

async function restore({ sandbox, ...parts }: XrayHereParts): Promise<void> {
  const { journal } = sandbox
  try {
    await parts.restore(AbortSignal.timeout(restoresWithinMs))
  } catch (error) {
    journal.note(
      'error',
      `The shop could not be restored after the X-ray: ${messageOf(error)}. Try again: unhappy restore`,
    )
  }
}

function seamFilesOf({ exercise }: CodeToXray): Matrix['code'] {
  return exercise === undefined ? null : { folder: exercise.folder, seams: exercise.seams }
}
