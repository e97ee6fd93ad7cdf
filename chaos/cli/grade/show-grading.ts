import { stripVTControlCharacters } from 'node:util'

import type { GradingOptions, GradingPosition } from '#chaos/grading/grade-submissions.ts'
import type { GradeOutcome } from '#chaos/grading/grade.ts'
import { formatDuration } from '#chaos/lib/duration.ts'

import type { Cli } from '../cli.ts'

interface ShownGrading {
  readonly begin: (position: GradingPosition) => void
  readonly grade: NonNullable<GradingOptions['onGrade']>
  /** A step of the start of the sandbox. */
  readonly step: (text: string) => void
}

/** Prints one line per grade, with the time that the rest takes. A terminal also shows what is judged now. */
export function showGrading({ err, clock }: Pick<Cli, 'err' | 'clock'>): ShownGrading {
  const { dim } = err.colours
  const colourOf: Readonly<Record<GradeOutcome, (text: string) => string>> = {
    held: err.colours.green,
    violated: err.colours.red,
    inconclusive: err.colours.yellow,
    broken: err.colours.magenta,
  }
  const startMs = clock.now()
  let judged = 0
  return {
    begin: ({ learner, lab, number, total }) => {
      err.line(dim(`  ${number}/${total}  ${plain(learner)}  ${plain(lab ?? '')} ...`))
    },
    step: (text) => err.line(dim(`  ${text}`)),
    grade: ({ learner, lab, grade }, { number, total, isKept }) => {
      if (!isKept) judged += 1
      const restMs = ((clock.now() - startMs) / Math.max(1, judged)) * (total - number)
      const times = isKept
        ? 'known'
        : `${formatDuration(Math.round(grade.tookMs))}${number < total && judged > 0 ? `, about ${formatDuration(Math.ceil(restMs / 10_000) * 10_000)} left` : ''}`
      err.line(
        `${number}/${total}  ${colourOf[grade.outcome](grade.outcome)}  ${plain(learner)}  ${plain(lab)}  ${dim(`(${times})`)}  ${plain(grade.headline)}`,
      )
    },
  }
}

/** Names and results come from files and code that are not trusted: they must not control the terminal. */
function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\p{Cc}/gu, ' ')
}
