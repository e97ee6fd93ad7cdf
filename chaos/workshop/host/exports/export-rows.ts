import type { Lab } from '#chaos/contracts/lab.ts'
import type { LearnerRecord, ReportOf } from '#chaos/contracts/workshop.ts'

/** What one learner did in one lab. Absent: it did not happen, or not after joining. */
export interface ExportRow {
  readonly learner: string
  readonly name: string
  readonly lab: string
  readonly openedAt?: string
  readonly predictedAt?: string
  readonly prediction?: string
  readonly confidence?: number
  /** What the first verdict of the own code was, if it was not inconclusive. */
  readonly firstVerdict?: string
  readonly firstVerdictAt?: string
  readonly failedChecks: readonly string[]
  readonly rightAnswer?: string
  readonly wasRight?: boolean
  readonly verdicts: number
  readonly heldAt?: string
  /** From opening the lab to the first held verdict. */
  readonly minutesToHeld?: number
  readonly hints: number
  readonly explanationCharacters?: number
  readonly askedForHelp: number
  readonly seeds: readonly number[]
}

/** One row per learner and lab with a report, in the sequence of the labs. */
export function exportRows(
  records: readonly LearnerRecord[],
  labs: readonly Lab[],
): readonly ExportRow[] {
  return records.flatMap((record) =>
    labs.flatMap((lab) => {
      const hasReport = record.reports.some((each) => 'lab' in each && each.lab === lab.id)
      return hasReport ? [rowOf(record, lab)] : []
    }),
  )
}

function rowOf({ learner, name, reports }: LearnerRecord, lab: Lab): ExportRow {
  const own = reports.filter((each) => 'lab' in each && each.lab === lab.id)
  const all = <Kind extends (typeof own)[number]['type']>(type: Kind) =>
    own.filter((each) => each.type === type) as unknown as readonly ReportOf<Kind>[]
  const [opened] = all('lab-opened')
  const [prediction] = all('prediction')
  const verdicts = all('verdict')
  const first = verdicts.find(({ outcome }) => outcome !== 'inconclusive')
  const held = verdicts.find(({ outcome }) => outcome === 'held')
  const explanation = all('explanation').at(-1)
  return {
    learner,
    name,
    lab: lab.id,
    ...(opened && { openedAt: opened.at }),
    ...(prediction && predictionCells(prediction, lab)),
    ...(first && { firstVerdict: first.outcome, firstVerdictAt: first.at }),
    failedChecks: first?.failed ?? [],
    verdicts: verdicts.length,
    ...(held && { heldAt: held.at }),
    ...(held && opened && minutesToHeld(opened.at, held.at)),
    hints: Math.max(0, ...all('hint').map(({ used }) => used)),
    ...(explanation && { explanationCharacters: explanation.characters }),
    askedForHelp: all('help').length,
    seeds: verdicts.flatMap(({ seed }) => seed ?? []),
  }
}

function predictionCells({ at, answer, confidence }: ReportOf<'prediction'>, lab: Lab) {
  const { answers, right } = lab.prediction
  return {
    predictedAt: at,
    prediction: answers[answer] ?? `answer ${answer}`,
    confidence,
    rightAnswer: answers[right] ?? '',
    wasRight: answer === right,
  }
}

/** Empty if the learner's clock was set back in between. */
function minutesToHeld(from: string, to: string): Pick<ExportRow, 'minutesToHeld'> {
  const ms = Date.parse(to) - Date.parse(from)
  return ms < 0 ? {} : { minutesToHeld: Math.round(ms / 6_000) / 10 }
}
