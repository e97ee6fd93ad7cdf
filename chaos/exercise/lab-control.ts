import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type {
  AfterView,
  LabSummary,
  LabView,
  Lenses,
  PredictionBody,
  RunSummary,
  SolutionView,
  UnlockableId,
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
import { readLabFiles } from './lab-files.ts'
import { noProgress } from './progress-store.ts'
import type { LabProgress, ProgressStore } from './progress-store.ts'
import { joinReadme, splitReadme } from './readme-sections.ts'
import { solutionOf } from './solution.ts'
import { lockOf, wasMeasured } from './unlocking.ts'
import { backUpWork, copyStart, listWork } from './work-files.ts'

export interface LabControlOptions {
  readonly system: Pick<System, 'seams'>
  readonly home: Home
  readonly labs: readonly Lab[]
  readonly progress: ProgressStore
  readonly clock: Clock
  /** Shows every part of a lab at once: for instructors. */
  readonly showAll?: boolean
  /** Past and present runs of a lab, newest first. */
  runsOf(lab: string): Promise<readonly RunSummary[]>
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
  /** Keeps the five lenses in the learner's own words. */
  reflect(id: string, lenses: Lenses): Promise<LabView>
  /** Unlocks a part before its time, because the learner asked for it. */
  unlock(id: string, part: UnlockableId): Promise<LabView>
  /** Throws {@link InputError} with status 403 while it is locked. */
  solution(id: string): Promise<SolutionView>
  /** The trade-offs and near misses. They give the solution away. Throws {@link InputError} with status 403 while it is locked. */
  after(id: string): Promise<AfterView>
  /** What the learner did, for an export. */
  record(id: string): Promise<LabRecord>
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
      await progress.change(id, (before) => ({ ...before, explanation: text }))
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
    record: async (id) => recordOf(options, findLab(labs, id)),
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

function lockFor(
  { showAll }: LabControlOptions,
  progress: LabProgress,
  part: string,
): ReturnType<typeof lockOf> {
  return showAll === true ? undefined : lockOf(progress, part)
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

async function summariesOf({
  home,
  labs,
  progress,
}: LabControlOptions): Promise<readonly LabSummary[]> {
  const all = await progress.all()
  const states = labs.map((lab) => {
    const of = all[lab.id] ?? noProgress
    return { lab, hintsUsed: of.hintsUsed, state: stateOf(home, lab, of) }
  })
  const next = states.find(({ state }) => state !== 'held')
  return states.map(({ lab, hintsUsed, state }, index) => ({
    id: lab.id,
    track: lab.track,
    title: lab.title,
    breaks: lab.breaks,
    lesson: lab.lesson,
    minutes: lab.minutes,
    state,
    hintsUsed,
    position: index + 1,
    next: lab === next?.lab,
  }))
}

function stateOf(home: Home, lab: Lab, progress: LabProgress): LabSummary['state'] {
  if (progress.outcomes.some(({ outcome }) => outcome === 'held')) return 'held'
  if (progress.outcomes.some(({ outcome }) => outcome === 'violated')) return 'violated'
  return existsSync(workFolder(home, lab)) ? 'started' : 'new'
}

/** What a learner did in a lab. */
export interface LabRecord {
  readonly v: 1
  readonly kind: 'lab'
  readonly id: string
  readonly title: string
  readonly state: LabSummary['state']
  readonly startedAt: string | null
  readonly question: string
  /** The text of the answer, too. */
  readonly prediction: (NonNullable<LabView['prediction']> & { readonly text: string }) | null
  readonly explanation: string | null
  readonly lenses: Lenses
  readonly hintsUsed: number
  /** Parts that were unlocked before their time, and when. */
  readonly unlocked: Readonly<Record<string, string>>
  readonly outcomes: LabProgress['outcomes']
  readonly files: readonly { readonly path: string; readonly text: string }[]
}

async function recordOf({ home, progress }: LabControlOptions, lab: Lab): Promise<LabRecord> {
  const of = await progress.of(lab.id)
  const { prediction } = of
  return {
    v: 1,
    kind: 'lab',
    id: lab.id,
    title: lab.title,
    state: stateOf(home, lab, of),
    startedAt: of.startedAt ?? null,
    question: lab.prediction.question,
    prediction:
      prediction === undefined
        ? null
        : { ...prediction, text: lab.prediction.answers[prediction.answer] ?? '' },
    explanation: of.explanation ?? null,
    lenses: of.lenses ?? noLenses,
    hintsUsed: of.hintsUsed,
    unlocked: of.unlocked ?? {},
    outcomes: of.outcomes,
    files: (await readLabFiles(home, lab)).map(({ path, text }) => ({ path, text })),
  }
}

const noLenses: Lenses = { contract: '', truth: '', failure: '', blastRadius: '', tradeOff: '' }

async function labView(options: LabControlOptions, lab: Lab): Promise<LabView> {
  const { home } = options
  const progress = await options.progress.of(lab.id)
  const summary = (await summariesOf(options)).find(({ id }) => id === lab.id)
  if (summary === undefined) throw new Error(`${lab.id} is not in the list of labs.`)
  const { question, answers, right, because } = lab.prediction
  return {
    ...summary,
    goal: lab.goal,
    seams: lab.seams,
    workFolder: readablePath(workFolder(home, lab)),
    files: await listWork(home, lab),
    ...(await textsOf(options, lab, progress)),
    question,
    answers,
    prediction: progress.prediction ?? null,
    outcomeOfPrediction: wasMeasured(progress) ? { right, because } : null,
    explanation: progress.explanation ?? null,
    hints: lab.hints.slice(0, progress.hintsUsed),
    hintsTotal: lab.hints.length,
    lenses: progress.lenses ?? noLenses,
    runs: await options.runsOf(lab.id),
  }
}

/** The texts of the lab that the learner may read by now. */
async function textsOf(
  options: LabControlOptions,
  lab: Lab,
  progress: LabProgress,
): Promise<Pick<LabView, 'readme' | 'sections' | 'locked' | 'storyLockedUntil' | 'learned'>> {
  const until = (part: string) => lockFor(options, progress, part)
  const text = await readFile(join(labFolder(lab), 'README.md'), 'utf8').catch(() => '')
  const { intro, sections } = splitReadme(text)
  const open = sections.filter(({ id }) => until(id) === undefined)
  return {
    readme: open.length === sections.length ? text : joinReadme({ intro, sections: open }),
    sections: sections.map(({ id, title, markdown }) => {
      const lockedUntil = until(id)
      return lockedUntil === undefined ? { id, title, markdown } : { id, title, lockedUntil }
    }),
    locked: (['after', 'solution'] as const).flatMap((id) => {
      const lock = until(id)
      return lock === undefined ? [] : [{ id, until: lock }]
    }),
    storyLockedUntil: until('explain') ?? null,
    learned: until('after') === undefined ? lab.learned : [],
  }
}
