import type { Calibration, Share } from '#chaos/contracts/api.ts'

/** An answer and how sure the learner was. */
export interface Forecast {
  /** Percent, 0 to 100. */
  readonly confidence: number
  readonly right: boolean
}

/** Percent. Five bands: more would hold too few answers of one learner. */
const bandWidth = 20

export function shareOf(answers: readonly { readonly right: boolean }[]): Share {
  return { right: answers.filter(({ right }) => right).length, answered: answers.length }
}

/** How well the confidence of the answers agrees with their results. */
export function calibrationOf(forecasts: readonly Forecast[]): Calibration {
  return {
    ...shareOf(forecasts),
    confidence: mean(forecasts.map(({ confidence }) => confidence)),
    brier: mean(forecasts.map(({ confidence, right }) => (confidence / 100 - Number(right)) ** 2)),
    bands: Array.from({ length: 100 / bandWidth }, (_, i) => {
      const from = i * bandWidth
      const to = from + bandWidth
      const isIn = ({ confidence }: Forecast): boolean =>
        confidence >= from && (confidence < to || to === 100)
      return { from, to, ...shareOf(forecasts.filter(isIn)) }
    }),
  }
}

function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
