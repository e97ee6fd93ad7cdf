import { formatCount } from '../../../checks/lib/format.ts'
import type {
  ExerciseView,
  FeedEntry,
  LabPredictions,
  LearnerPhase,
  LearnerRow,
} from '../../../contracts/workshop.ts'

/** Beside each verdict, so that no colour alone says which one it is. */
export const verdictSigns = { held: '✓', violated: '✕', inconclusive: '?' } as const

export const phaseWords: Readonly<Record<LearnerPhase, string>> = {
  joined: 'joined',
  opened: 'opened',
  predicted: 'predicted',
  violated: 'violated',
  inconclusive: 'inconclusive',
  explained: 'explained',
  held: 'held',
  left: 'left',
}

/** `3 min`, `2 h 5 min`. */
export function minutesText(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000))
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `9:05`, `1:00:00`. A part of a second is a second: 0:00 means that the time is over. */
export function countdownText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000))
  const two = (n: number): string => String(n).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60]
  const end = two(seconds % 60)
  return hours === 0 ? `${minutes}:${end}` : `${hours}:${two(minutes)}:${end}`
}

/** What is left of the timer now. Null: there is none. */
export function leftMsOf(
  { endsAt, leftMs }: Pick<ExerciseView, 'endsAt' | 'leftMs'>,
  nowMs: number,
): number | null {
  return endsAt === null ? leftMs : Math.max(0, Date.parse(endsAt) - nowMs)
}

/** Why a learner is shown first. Null: the learner is not stuck. */
export function stuckText(
  { stuck, helpText, violations }: Pick<LearnerRow, 'stuck' | 'helpText' | 'violations'>,
  nowMs: number,
): string | null {
  if (stuck === null) return null
  const since = minutesText(nowMs - Date.parse(stuck.since))
  switch (stuck.because) {
    case 'asked for help':
      return `Asked for help ${since} ago${helpText === null ? '' : `: ${helpText}`}`
    case 'no change':
      return `No change for ${since}`
    case 'violated again and again':
      return `Violated ${violations} times without a held verdict`
  }
}

/** What a line of the feed says after the name. `answers` are those of the report's lab, if they are known. */
export function feedText({ report }: FeedEntry, answers: readonly string[] = []): string {
  switch (report.type) {
    case 'joined':
      return 'joined'
    case 'left':
      return 'left'
    case 'lab-opened':
      return `opened ${report.lab}`
    case 'prediction':
      return `predicted in ${report.lab}: ${answers[report.answer] ?? answerLetter(report.answer)} (${report.confidence} % sure)`
    case 'verdict': {
      const failed = report.failed ?? []
      const checks = failed.length === 0 ? '' : ` (${failed.join(', ')})`
      return `${verdictSigns[report.outcome]} ${report.outcome} in ${report.lab}${checks}`
    }
    case 'hint':
      return `used hint ${report.used} of ${report.lab}`
    case 'explanation':
      return `wrote an explanation of ${report.lab} with ${report.characters} characters`
    case 'help':
      return `asked for help${report.lab === undefined ? '' : ` with ${report.lab}`}${report.text === undefined ? '' : `: ${report.text}`}`
    case 'code':
      return `shared the code of ${report.lab}`
    case 'incident-answer':
      return `answered: ${report.isWrong ? 'something is wrong' : 'nothing is wrong'}`
    case 'incident-state':
      return `incident ${report.what}`
  }
}

export function answerLetter(index: number): string {
  return String.fromCodePoint(65 + index)
}

/** Percent of all predictions; 0 without predictions. */
export function shareOf(count: number, total: number): number {
  return total === 0 ? 0 : Math.round((100 * count) / total)
}

/** First verdicts of the learners' own code: `✓ 3 held, ✕ 12 violated`. Null: no verdict has arrived. */
export function firstVerdictsText({
  firstVerdicts,
}: Pick<LabPredictions, 'firstVerdicts'>): string | null {
  const parts = (['held', 'violated', 'inconclusive'] as const)
    .filter((outcome) => firstVerdicts[outcome] > 0)
    .map((outcome) => `${verdictSigns[outcome]} ${firstVerdicts[outcome]} ${outcome}`)
  return parts.length === 0 ? null : parts.join(', ')
}

/** The checks that were violated most, with how often. */
export function mostFailed(
  { failed }: Pick<LabPredictions, 'failed'>,
  max: number,
): readonly (readonly [check: string, count: number])[] {
  return Object.entries(failed)
    .toSorted(([one, a], [other, b]) => b - a || one.localeCompare(other))
    .slice(0, max)
}

/** The lab after this one in the sequence. Undefined: it was the last one. */
export function nextLab(sequence: readonly string[], current: string | null): string | undefined {
  return sequence[current === null ? 0 : sequence.indexOf(current) + 1]
}

/** The list with one entry moved by one place up (-1) or down (1). */
export function moved<T>(list: readonly T[], index: number, by: -1 | 1): readonly T[] {
  const entry = list[index]
  const to = index + by
  if (entry === undefined || to < 0 || to >= list.length) return list
  return list.toSpliced(index, 1).toSpliced(to, 0, entry)
}

/** `1 learner`, `2 learners`. */
export function learnersText(count: number): string {
  return formatCount(count, 'learner')
}
