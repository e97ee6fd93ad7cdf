import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type {
  AfterView,
  LabSummary,
  LabView,
  LearningEvidence,
  Lenses,
  PredictionBody,
  SolutionView,
  TransferBody,
  TransferView,
  UnlockableId,
} from '#chaos/contracts/api.ts'
import type { VerdictOutcome } from '#chaos/contracts/check.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { findLab } from './find-lab.ts'
import { labFolder } from './folders.ts'
import { judgedPrediction, recordOf, type LabRecord } from './lab-record.ts'
import { labView, lockFor, summariesOf, type LabControlOptions } from './lab-view.ts'
import { evidenceOf } from './learning/learning-evidence.ts'
import { lockOf, wasMeasured } from './locks.ts'
import { noProgress, type LabProgress } from './progress-store.ts'
import { solutionOf } from './solution.ts'
import { answeredProgress } from './transfer/answer-transfer.ts'
import { readTransfer } from './transfer/read-transfer.ts'
import { transferView } from './transfer/transfer-view.ts'
import { backUpWork, copyStart } from './work-files.ts'

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
  /** Keeps the five lenses in the learner's own words. */
  reflect(id: string, lenses: Lenses): Promise<LabView>
  /** Unlocks a part before its time, because the learner asked for it. */
  unlock(id: string, part: UnlockableId): Promise<LabView>
  /** Throws {@link InputError} with status 403 while it is locked. */
  solution(id: string): Promise<SolutionView>
  /** The trade-offs and near misses. They give the solution away. Throws {@link InputError} with status 403 while it is locked. */
  after(id: string): Promise<AfterView>
  /** The same failure mode in unfamiliar code. */
  transfer(id: string): Promise<TransferView>
  /** Throws {@link InputError} with status 403 when the question is not due, and 409 when it is answered. */
  answerTransfer(id: string, body: TransferBody): Promise<TransferView>
  /** What the learner did, for an export. */
  record(id: string): Promise<LabRecord>
  /** Calibration and transfer over all labs. */
  evidence(): Promise<LearningEvidence>
  /** Whether the stories of this lab's verdicts wait for the learner's explanation. */
  holdsStoryBack(id: string): Promise<boolean>
  /** Stores the outcome of a run of the learner's own code. */
  recordOutcome(id: string, run: string, outcome: VerdictOutcome): Promise<void>
}

export function createLabControl(options: LabControlOptions): LabControl {
  const { system, home, labs, progress, clock } = options
  const now = (): string => new Date(clock.wallTimeMs()).toISOString()
  const view = async (id: string): Promise<LabView> => labView(options, findLab(labs, id))
  return {
    list: async () => summariesOf(options),
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
    reflect: async (id, lenses) => {
      findLab(labs, id)
      await progress.change(id, (before) => ({ ...before, lenses }))
      return view(id)
    },
    unlock: async (id, part) => {
      findLab(labs, id)
      if (options.showAll !== true)
        await progress.change(id, (before) => unlocked(before, part, now()))
      return view(id)
    },
    solution: async (id) => {
      const lab = findLab(labs, id)
      await refuseLocked(options, lab, 'solution')
      return solutionOf(system, home, lab)
    },
    after: async (id) => {
      const lab = findLab(labs, id)
      await refuseLocked(options, lab, 'after')
      return { text: await readFile(join(labFolder(lab), 'after.md'), 'utf8') }
    },
    ...learningControl(options),
    holdsStoryBack: async (id) =>
      lockFor(options, await progress.of(findLab(labs, id).id), 'explain') !== undefined,
    recordOutcome: async (id, run, outcome) => {
      await progress.change(id, (before) => ({
        ...before,
        outcomes: [...before.outcomes, { run, outcome, at: now() }],
      }))
    },
  }
}

/** What the learner has shown: answers about unfamiliar code, records, evidence. */
function learningControl(
  options: LabControlOptions,
): Pick<LabControl, 'transfer' | 'answerTransfer' | 'record' | 'evidence'> {
  const { labs, progress, clock } = options
  const transfer = async (id: string): Promise<TransferView> =>
    transferView(findLab(labs, id), await progress.of(id), clock.wallTimeMs())
  return {
    transfer,
    answerTransfer: async (id, body) => {
      const question = await readTransfer(findLab(labs, id), body.step)
      await progress.change(id, (before) =>
        answeredProgress(id, before, question, body, clock.wallTimeMs()),
      )
      return transfer(id)
    },
    record: async (id) => recordOf(options, findLab(labs, id)),
    evidence: async () => {
      const all = await progress.all()
      const records = labs.map((lab) => {
        const of = all[lab.id] ?? noProgress
        return { id: lab.id, prediction: judgedPrediction(lab, of), transfer: of.transfer ?? {} }
      })
      return evidenceOf([records])
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

/** The first request counts. A part that is unlocked already needs none. */
function unlocked(before: LabProgress, part: UnlockableId, at: string): LabProgress {
  if (lockOf(before, part) === undefined) return before
  return { ...before, unlocked: { ...before.unlocked, [part]: at } }
}

async function refuseLocked(
  options: LabControlOptions,
  lab: Lab,
  part: 'after' | 'solution',
): Promise<void> {
  if (lockFor(options, await options.progress.of(lab.id), part) === undefined) return
  const what = part === 'after' ? 'What to read after' : 'The solution of'
  throw new InputError(`${what} ${lab.id} is locked until your code holds.`, {
    remedy: `To read it now: unhappy lab ${part} ${lab.id}, or POST /api/labs/${lab.id}/unlock.`,
    status: 403,
  })
}
