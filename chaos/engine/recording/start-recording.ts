import type { LinkRecording, RecordingLimits } from '#chaos/contracts/links.ts'
import { machineNow } from '#chaos/lib/clock.ts'

import type { Sandbox } from '../sandbox.ts'

/** One moment on two clocks. */
export interface ClockPair {
  /** Milliseconds on the clock of the data plane. */
  readonly linksMs: number
  /** The time stamp of the journal. */
  readonly journalMs: number
}

/** A recording of the links, with what its times mean in the journal. */
export interface StartedRecording {
  readonly recording: LinkRecording
  readonly pair: ClockPair
}

/** Starts a recording and reads both clocks. If the clocks cannot be read, it ends the recording again. */
export async function startRecording(
  sandbox: Pick<Sandbox, 'clock' | 'journal' | 'links'>,
  limits: RecordingLimits,
): Promise<StartedRecording> {
  const recording = await sandbox.links.record(limits)
  try {
    return { recording, pair: await pairClocks(sandbox, recording) }
  } catch (error) {
    await endRecording(recording)
    throw error
  }
}

/** Ends a recording. Never rejects. */
export async function endRecording(recording: LinkRecording): Promise<void> {
  try {
    await recording[Symbol.asyncDispose]()
  } catch {
    // The data plane does not respond: the recording ends with its process or with its lease.
  }
}

/**
 * Reads the clocks of the data plane and of the journal together. Both processes read the clock of the machine as well, so the
 * time that the request took does not matter. If they run on different machines, the middle of the request counts.
 */
async function pairClocks(
  { clock, journal }: Pick<Sandbox, 'clock' | 'journal'>,
  recording: Pick<LinkRecording, 'read'>,
): Promise<ClockPair> {
  const fromMs = clock.now()
  const { state } = await recording.read()
  const machineMs = machineNow()
  const toMs = clock.now()
  const atMs = state.machineMs === undefined ? Number.NaN : toMs - (machineMs - state.machineMs)
  const known = atMs >= fromMs && atMs <= toMs
  return { linksMs: state.nowMs, journalMs: journal.msAt(known ? atMs : (fromMs + toMs) / 2) }
}
