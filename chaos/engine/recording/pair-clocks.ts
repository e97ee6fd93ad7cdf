import type { LinkRecording } from '#chaos/contracts/links.ts'
import { machineNow } from '#chaos/lib/clock.ts'

import type { Sandbox } from '../sandbox.ts'

/** One moment on two clocks. */
export interface ClockPair {
  /** Milliseconds on the clock of the data plane. */
  readonly linksMs: number
  /** The time stamp of the journal. */
  readonly journalMs: number
}

/**
 * Reads the clocks of the data plane and of the journal together. Both processes read the clock of the machine as well, so the
 * time that the request took does not matter. If they run on different machines, the middle of the request counts.
 */
export async function pairClocks(
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
