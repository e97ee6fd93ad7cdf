import { describeLogLine } from '../../../report/describe-log-line.ts'

/** A line of the log of an instance in a run. */
export interface RunLogLine {
  /** From 0, in the file. */
  readonly number: number
  /** On the clock of the run. A line without a time of its own has that of the line before it. */
  readonly ms: number
  readonly level: string | null
  readonly text: string
}

/** The page shows at most this many lines of a log: the last ones. */
export const runLogLinesMax = 10_000

/** The lines of a log file of a run, as `logs/` in its folder has them. */
export function runLogLines(written: string): readonly RunLogLine[] {
  const all = written.split('\n')
  if (all.at(-1) === '') all.pop()
  const skipped = Math.max(0, all.length - runLogLinesMax)
  let ms = -Infinity
  return all.slice(skipped).map((line, i) => {
    const { at, rest } = timed(line)
    ms = at ?? ms
    return { number: skipped + i, ms, ...describeLogLine(rest) }
  })
}

/** The time of a line: a field of a JSON object, or `2.504 s` before another line. */
function timed(line: string): { readonly at: number | undefined; readonly rest: string } {
  const field = /^\{"runMs":(-?[\d.]+)/.exec(line)
  if (field !== null) return { at: Number(field[1]), rest: line }
  const before = /^(−?)(\d+\.\d{3}) s {2}/.exec(line)
  if (before === null) return { at: undefined, rest: line }
  const [whole, sign, seconds] = before
  const at = Math.round(Number(seconds) * 1_000) * (sign === '' ? 1 : -1)
  return { at, rest: line.slice(whole.length) }
}
