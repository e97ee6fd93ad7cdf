import { type Bin, binsOf } from '../../../report/bins.ts'
import { chartMs, type Stage } from './stage.ts'

const widthMs = 1_000

/** The bins of the chart: the last minute before the moment of the stage. */
export function stageBins({ ms, samples, bands }: Pick<Stage, 'ms' | 'samples' | 'bands'>) {
  // A refusal such as "sold out" is an answer, so it is not drawn as a failure.
  const answered = samples.map((sample) =>
    sample.result === 'refused' ? { ...sample, outcome: 'ok' as const } : sample,
  )
  const bins = binsOf(answered, { fromMs: ms - chartMs, toMs: ms, widthMs, faults: bands })
  // A bin that has just begun at the edge of a fault would look like a fall.
  return isShort(bins.at(-1)) ? bins.slice(0, -1) : bins
}

function isShort(bin: Bin | undefined): boolean {
  return bin !== undefined && bin.toMs - bin.fromMs < widthMs / 2
}
