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

/**
 * Starts a recording and reads both clocks. Both processes read the clock of the machine as well, so the time that the request
 * took does not matter. If they run on different machines, the middle of the request counts.
 */
export async function startRecording(
  { clock, journal, links }: Pick<Sandbox, 'clock' | 'journal' | 'links'>,
  limits: RecordingLimits,
): Promise<StartedRecording> {
  const fromMs = clock.now()
  const recording = await links.record(limits)
  const machineMs = machineNow()
  const toMs = clock.now()
  const { began } = recording
  const atMs = began.machineMs === undefined ? Number.NaN : toMs - (machineMs - began.machineMs)
  const known = atMs >= fromMs && atMs <= toMs
  const journalMs = journal.msAt(known ? atMs : (fromMs + toMs) / 2)
  return { recording, pair: { linksMs: began.nowMs, journalMs } }
}

/** Ends a recording. Never rejects. */
export async function endRecording(recording: LinkRecording): Promise<void> {
  try {
    await recording[Symbol.asyncDispose]()
  } catch {
    // The data plane does not respond: the recording ends with its process or with its lease.
  }
}
