import { createHash } from 'node:crypto'

import type { Report, ReportOf } from '#chaos/contracts/workshop.ts'
import { noProgress } from '#chaos/exercise/progress-store.ts'
import type { LabProgress } from '#chaos/exercise/progress-store.ts'

import type { Seen } from './membership-file.ts'

/** What a run of the learner's own code showed. Absent parts are not known: the folder of the run may be gone. */
export interface RunFacts {
  readonly seed?: number
  /** Names of the violated checks. */
  readonly failed?: readonly string[]
}

export interface CollectOptions {
  /** ISO 8601, for what the progress has no time of. */
  readonly now: string
  readonly newId: () => string
  /** Undefined: the run is still being written. Its verdict is collected the next time. */
  readonly factsOf: (run: string) => Promise<RunFacts | undefined>
}

/** A run whose record is not finished this long after its verdict has lost its controller. */
const unfinishedMaxMs = 60_000

export interface Collected {
  /** Oldest first. */
  readonly reports: readonly Report[]
  readonly seen: SeenLabs
  /** False: a verdict was left for the next time. */
  readonly isComplete: boolean
}

type Labs = Readonly<Record<string, LabProgress>>
type SeenLabs = Readonly<Record<string, Seen>>

/** What the progress contains now. A learner who joins reports only what comes later. */
export function seenOf(progress: Labs): Record<string, Seen> {
  return Object.fromEntries(Object.entries(progress).map(([lab, of]) => [lab, seenOfLab(of)]))
}

/** One report for each thing in the progress that was not yet seen. */
export async function collectReports(
  progress: Labs,
  seen: SeenLabs,
  options: CollectOptions,
): Promise<Collected> {
  const reports: Report[] = []
  for (const [lab, of] of Object.entries(progress))
    reports.push(...(await reportsOfLab(lab, of, seen[lab], options)))
  const after = seenOf(progress)
  let isComplete = true
  for (const [lab, { outcomes }] of Object.entries(progress)) {
    const reported = new Set([
      ...(seen[lab]?.runs ?? []),
      ...reports.flatMap((report) => (report.type === 'verdict' ? report.run : [])),
    ])
    const runs = outcomes.map(({ run }) => run).filter((run) => reported.has(run))
    isComplete &&= runs.length === outcomes.length
    after[lab] = { ...seenOfLab(progress[lab] ?? noProgress), runs }
  }
  return {
    reports: reports.toSorted((one, other) => one.at.localeCompare(other.at)),
    seen: after,
    isComplete,
  }
}

async function reportsOfLab(
  lab: string,
  of: LabProgress,
  before: Seen | undefined,
  { now, newId, factsOf }: CollectOptions,
): Promise<readonly Report[]> {
  const reports: Report[] = []
  if (of.startedAt !== undefined && of.startedAt !== before?.openedAt)
    reports.push({ type: 'lab-opened', id: newId(), at: of.startedAt, lab })
  const { prediction } = of
  if (prediction !== undefined && prediction.at !== before?.predictedAt) {
    const { answer, confidence, at } = prediction
    reports.push({ type: 'prediction', id: newId(), at, lab, answer, confidence })
  }
  if (of.hintsUsed > (before?.hints ?? 0))
    reports.push({ type: 'hint', id: newId(), at: now, lab, used: of.hintsUsed })
  for (const { run, outcome, at } of of.outcomes) {
    if (before?.runs.includes(run) === true || !isOutcome(outcome)) continue
    const isOld = Date.parse(now) - Date.parse(at) > unfinishedMaxMs
    const facts = (await factsOf(run)) ?? (isOld ? {} : undefined)
    if (facts === undefined) continue
    const { seed, failed } = facts
    reports.push({
      type: 'verdict',
      id: newId(),
      at,
      lab,
      run,
      outcome,
      ...(seed !== undefined && { seed }),
      ...(failed !== undefined && { failed: failed.slice(0, 50) }),
    })
  }
  if (of.explanation !== undefined && hashOf(of.explanation) !== before?.explanation) {
    const characters = of.explanation.length
    reports.push({ type: 'explanation', id: newId(), at: now, lab, characters })
  }
  return reports
}

function seenOfLab({ startedAt, prediction, hintsUsed, explanation, outcomes }: LabProgress): Seen {
  return {
    ...(startedAt !== undefined && { openedAt: startedAt }),
    ...(prediction !== undefined && { predictedAt: prediction.at }),
    hints: hintsUsed,
    ...(explanation !== undefined && { explanation: hashOf(explanation) }),
    runs: outcomes.map(({ run }) => run),
  }
}

function isOutcome(text: string): text is ReportOf<'verdict'>['outcome'] {
  return text === 'held' || text === 'violated' || text === 'inconclusive'
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
