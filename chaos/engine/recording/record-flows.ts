import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Evidence } from '#chaos/contracts/check.ts'
import type { RecordingHead } from '#chaos/contracts/flow-record.ts'
import type { RecordedMessages } from '#chaos/contracts/links.ts'
import { recordedBytesMax, recordedMessagesMax } from '#chaos/contracts/max.ts'
import { messageOf } from '#chaos/lib/errors.ts'

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

/** The flows of a run. Disposing writes what the links recorded to the run's folder. */
export interface FlowsOfRun extends AsyncDisposable {
  /** Adds what the sources of truth say about each flow. */
  keepFacts(evidence: Evidence): void
}

type RecordingSandbox = Pick<Sandbox, 'clock' | 'journal' | 'links' | 'system'>

/** Truth and checks may take this long after the recovery. */
const finalMs = 60_000

/** Files of a run's folder. Those of the variants, which send their own flows, have other names. */
function flowFiles(isVariant: boolean): {
  readonly exchanges: string
  readonly facts: string
} {
  const suffix = isVariant ? '-variants' : ''
  return { exchanges: `exchanges${suffix}.jsonl`, facts: `flows${suffix}.jsonl` }
}

/**
 * Records the messages of all flows on all links, in the memory of the data plane. A recording that fails leaves a note: it
 * never decides a run.
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
      const text = started === undefined ? undefined : await readAndEnd(started).catch(note)
      if (facts !== '') await writeFile(join(folder, files.facts), facts)
      if (text !== undefined) await writeFile(join(folder, files.exchanges), text)
    },
  }
}

async function readAndEnd({ recording, pair }: StartedRecording): Promise<string> {
  try {
    return fileOf(await recording.read(), pair)
  } finally {
    await endRecording(recording)
  }
}

/** The recording as a file: its head, then one message in each line. */
function fileOf({ lines, state }: RecordedMessages, pair: ClockPair): string {
  const { messages, missed, fullMs } = state
  const head: RecordingHead = {
    type: 'recording',
    ...pair,
    messages,
    missed,
    ...(fullMs === undefined ? {} : { fullMs }),
  }
  return `${JSON.stringify(head)}\n${lines}`
}
