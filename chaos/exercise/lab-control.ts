import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type {
  AfterView,
  LabSummary,
  LabView,
  PredictionBody,
  RunSummary,
  SolutionView,
} from '#chaos/contracts/api.ts'
import type { VerdictOutcome } from '#chaos/contracts/check.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import type { System } from '#chaos/contracts/system.ts'
import type { Home } from '#chaos/home/home.ts'
import { readablePath } from '#chaos/home/readable-path.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { findLab } from './find-lab.ts'
import { labFolder, workFolder } from './folders.ts'
import type { LabProgress, ProgressStore } from './progress-store.ts'
import { solutionOf } from './solution.ts'
import { backUpWork, copyStart, listWork } from './work-files.ts'

export interface LabControlOptions {
  readonly system: Pick<System, 'seams'>
  readonly home: Home
  readonly labs: readonly Lab[]
  readonly progress: ProgressStore
  readonly clock: Clock
  /** Past and present runs of a lab, newest first. */
  runsOf(lab: string): Promise<readonly RunSummary[]>
  /** Called with the latest judged run of the learner's own code when the learner has explained it: its report has the text. */
  onExplained?(run: string): Promise<void>
}

/** Everything about labs that needs no running shop. Methods throw {@link InputError} for an id that is not a lab. */
export interface LabControl {
  list(): Promise<readonly LabSummary[]>
  get(id: string): Promise<LabView>
  /** Copies the starting code. Files that exist stay as they are. */
  start(id: string): Promise<LabView>
  /** Copies the starting code again. `backup` is the folder with the old files; undefined: there were none. */
  reset(id: string): Promise<{ readonly view: LabView; readonly backup: string | undefined }>
  /** Throws {@link InputError} when the lab has a prediction or a run with an outcome. */
  predict(id: string, prediction: PredictionBody): Promise<LabView>
  explain(id: string, text: string): Promise<LabView>
  /** Shows one more hint. */
  hint(id: string): Promise<LabView>
  solution(id: string): Promise<SolutionView>
  /** The trade-offs and near misses. They give the solution away. */
  after(id: string): Promise<AfterView>
  /** Stores the outcome of a run of the learner's own code. */
  recordOutcome(id: string, run: string, outcome: VerdictOutcome): Promise<void>
}

export function createLabControl(options: LabControlOptions): LabControl {
  const { system, home, labs, progress, clock } = options
  const now = (): string => new Date(clock.wallTimeMs()).toISOString()
  const view = async (id: string): Promise<LabView> => labView(options, findLab(labs, id))
  return {
    list: async () =>
      Promise.all(labs.map(async (lab) => summary(home, lab, await progress.of(lab.id)))),
    get: view,
    start: async (id) => {
      await copyStart(home, findLab(labs, id))
      await progress.change(id, (before) => ({ ...before, startedAt: before.startedAt ?? now() }))
      return view(id)
    },
    reset: async (id) => {
      const lab = findLab(labs, id)
      const backup = await backUpWork(home, lab, new Date(clock.wallTimeMs()))
      await copyStart(home, lab)
      return { view: await view(id), backup }
    },
    predict: async (id, prediction) => {
      const lab = findLab(labs, id)
      await progress.change(id, (before) => predicted(lab, before, prediction, now()))
      return view(id)
    },
    explain: async (id, text) => {
      findLab(labs, id)
      const { outcomes } = await progress.change(id, (before) => ({ ...before, explanation: text }))
      const run = outcomes.at(-1)?.run
      // The explanation is stored, even if no report can be written: the folder of the run may be gone.
      if (run !== undefined) await options.onExplained?.(run).catch(() => undefined)
      return view(id)
    },
    hint: async (id) => {
      const { hints } = findLab(labs, id)
      await progress.change(id, (before) => ({
        ...before,
        hintsUsed: Math.min(before.hintsUsed + 1, hints.length),
      }))
      return view(id)
    },
    solution: async (id) => solutionOf(system, home, findLab(labs, id)),
    after: async (id) => ({
      text: await readFile(join(labFolder(findLab(labs, id)), 'after.md'), 'utf8'),
    }),
    recordOutcome: async (id, run, outcome) => {
      await progress.change(id, (before) => ({
        ...before,
        outcomes: [...before.outcomes, { run, outcome, at: now() }],
      }))
    },
  }
}

function predicted(
  lab: Lab,
  before: LabProgress,
  { answer, confidence }: PredictionBody,
  at: string,
): LabProgress {
  if (before.prediction !== undefined)
    throw new InputError(
      `Your prediction for ${lab.id} is answer ${before.prediction.answer}, since ${before.prediction.at}.`,
      {
        remedy: 'A prediction cannot be changed. Run the lab: unhappy lab check ' + lab.id,
        status: 409,
      },
    )
  if (wasMeasured(before))
    throw new InputError(`You have already run ${lab.id}. It is too late for a prediction.`, {
      remedy: 'Predict the next lab before you run it: unhappy lab list',
      status: 409,
    })
  if (lab.prediction.answers[answer] === undefined)
    throw new InputError(`${lab.id} has no answer ${answer}.`, {
      remedy: `Use a number from 0 to ${lab.prediction.answers.length - 1}.`,
    })
  return { ...before, prediction: { answer, confidence, at } }
}

/** Whether a run has shown the learner which answer is right. An inconclusive run shows nothing. */
function wasMeasured(progress: LabProgress): boolean {
  return progress.outcomes.some(({ outcome }) => outcome !== 'inconclusive')
}

function summary(home: Home, lab: Lab, progress: LabProgress): LabSummary {
  return {
    id: lab.id,
    track: lab.track,
    title: lab.title,
    minutes: lab.minutes,
    state: stateOf(home, lab, progress),
    hintsUsed: progress.hintsUsed,
  }
}

function stateOf(home: Home, lab: Lab, progress: LabProgress): LabSummary['state'] {
  if (progress.outcomes.some(({ outcome }) => outcome === 'held')) return 'held'
  if (progress.outcomes.some(({ outcome }) => outcome === 'violated')) return 'violated'
  return existsSync(workFolder(home, lab)) ? 'started' : 'new'
}

async function labView(options: LabControlOptions, lab: Lab): Promise<LabView> {
  const { home } = options
  const progress = await options.progress.of(lab.id)
  const { question, answers, right, because } = lab.prediction
  return {
    ...summary(home, lab, progress),
    goal: lab.goal,
    seams: lab.seams,
    workFolder: readablePath(workFolder(home, lab)),
    files: await listWork(home, lab),
    readme: await readFile(join(labFolder(lab), 'README.md'), 'utf8').catch(() => ''),
    question,
    answers,
    prediction: progress.prediction ?? null,
    outcomeOfPrediction: wasMeasured(progress) ? { right, because } : null,
    explanation: progress.explanation ?? null,
    hints: lab.hints.slice(0, progress.hintsUsed),
    hintsTotal: lab.hints.length,
    learned: lab.learned,
    runs: await options.runsOf(lab.id),
  }
}
