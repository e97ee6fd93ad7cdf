import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Evidence } from '#chaos/contracts/check.ts'
import type { RecordingHead } from '#chaos/contracts/flow-record.ts'
import type { RecordedTraffic } from '#chaos/contracts/links.ts'
import { recordedBytesMax, recordedMessagesMax } from '#chaos/contracts/max.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import { writeAtomically } from '#chaos/lib/write-atomically.ts'

import { leaseMarginMs } from '../run/method-time.ts'
import type { RunRequest } from '../run/run-request.ts'
import type { Sandbox } from '../sandbox.ts'
import { afterStepsWaitMaxMs } from '../scenario/defaults.ts'
import {
  type ClockPair,
  endRecording,
  startRecording,
  type StartedRecording,
} from './start-recording.ts'

/** The flows of a run. Disposing writes what passed on the links to the run's folder. The messages in it are found when a user looks. */
export interface FlowsOfRun extends AsyncDisposable {
  /** Adds what the sources of truth say about each flow. */
  keepFacts(evidence: Evidence): void
}

type RecordingSandbox = Pick<Sandbox, 'clock' | 'journal' | 'links' | 'system'>

/** Truth and checks may take this long after the recovery. */
const finalMs = 60_000

/** Files of a run's folder. Those of the variants, which send their own flows, have other names. */
function flowFiles(isVariant: boolean): {
  readonly traffic: string
  readonly facts: string
} {
  const suffix = isVariant ? '-variants' : ''
  return { traffic: `traffic${suffix}.bin`, facts: `flows${suffix}.jsonl` }
}

/**
 * Records what passes on all links, in the memory of the data plane. A recording that fails leaves a note: it never decides a
 * run.
 */
export async function recordFlows(
  sandbox: RecordingSandbox,
  { folder, scenario, variant }: Pick<RunRequest, 'folder' | 'scenario' | 'variant'>,
): Promise<FlowsOfRun> {
  const { journal, system } = sandbox
  const files = flowFiles(variant !== undefined)
  const note = (error: unknown): void =>
    journal.note('warning', `The messages of the flows are not recorded: ${messageOf(error)}`)
  const { steadyStateMs, workload, recoveryMs } = scenario
  const expiresInMs =
    steadyStateMs + workload.durationMs + afterStepsWaitMaxMs + recoveryMs + leaseMarginMs + finalMs
  const started = await startRecording(sandbox, {
    expiresInMs,
    messagesMax: recordedMessagesMax,
    bytesMax: recordedBytesMax,
  }).catch(note)
  let facts = ''
  return {
    keepFacts: (evidence) => {
      const all = system.flowView?.facts(evidence) ?? []
      facts = all.map((one) => `${JSON.stringify(one)}\n`).join('')
    },
    [Symbol.asyncDispose]: async () => {
      const content = started === undefined ? undefined : await readAndEnd(started).catch(note)
      if (facts !== '') await writeFile(join(folder, files.facts), facts)
      if (content !== undefined) await writeAtomically(join(folder, files.traffic), content)
    },
  }
}

async function readAndEnd({ recording, pair }: StartedRecording): Promise<Uint8Array[]> {
  try {
    return fileOf(await recording.traffic(), pair)
  } finally {
    await endRecording(recording)
  }
}

/** The parts of a recording's file: its head as a line of JSON, then the bytes of the records. */
function fileOf({ blocks, missed, fullMs }: RecordedTraffic, pair: ClockPair): Uint8Array[] {
  const head: RecordingHead = {
    type: 'traffic',
    v: 1,
    ...pair,
    bytes: blocks.reduce((sum, { length }) => sum + length, 0),
    missed,
    ...(fullMs === undefined ? {} : { fullMs }),
  }
  return [Buffer.from(`${JSON.stringify(head)}\n`), ...blocks]
}
