import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { LabSummary, LabView, Lenses, LockedUntil, RunSummary } from '#chaos/contracts/api.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import type { System } from '#chaos/contracts/system.ts'
import type { Home } from '#chaos/home/home.ts'
import { readablePath } from '#chaos/home/readable-path.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import { labFolder, workFolder } from './folders.ts'
import { lockOf, wasMeasured } from './locks.ts'
import { noProgress } from './progress-store.ts'
import type { LabProgress, ProgressStore } from './progress-store.ts'
import { joinReadme, splitReadme } from './readme-sections.ts'
import { transferDue } from './transfer/transfer-due.ts'
import { listWork } from './work-files.ts'

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
  /** Called with the latest judged run of the learner's own code when the learner has explained it: its report has the text. */
  onExplained?(run: string): Promise<void>
}

/** Every lab in the sequence of the learning path, with the learner's progress. */
export async function summariesOf({
  home,
  labs,
  progress,
  clock,
}: LabControlOptions): Promise<readonly LabSummary[]> {
  const all = await progress.all()
  const states = labs.map((lab) => {
    const of = all[lab.id] ?? noProgress
    const { state, dueAt } = transferDue(of, clock.wallTimeMs())
    return {
      lab,
      hintsUsed: of.hintsUsed,
      state: stateOf(home, lab, of),
      transfer: { state, dueAt },
    }
  })
  const next = states.find(({ state }) => state !== 'held')
  return states.map(({ lab, hintsUsed, state, transfer }, index) => ({
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
    transfer,
  }))
}

export function stateOf(home: Home, lab: Lab, progress: LabProgress): LabSummary['state'] {
  if (progress.outcomes.some(({ outcome }) => outcome === 'held')) return 'held'
  if (progress.outcomes.some(({ outcome }) => outcome === 'violated')) return 'violated'
  return existsSync(workFolder(home, lab)) ? 'started' : 'new'
}

/** What a part of the lab waits for. */
export function lockFor(
  { showAll }: LabControlOptions,
  progress: LabProgress,
  part: string,
): LockedUntil | undefined {
  return showAll === true ? undefined : lockOf(progress, part)
}

export const noLenses: Lenses = {
  contract: '',
  truth: '',
  failure: '',
  blastRadius: '',
  tradeOff: '',
}

/** One lab with the texts that the learner may read by now. */
export async function labView(options: LabControlOptions, lab: Lab): Promise<LabView> {
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
    outcomeOfPrediction: wasMeasured(progress)
      ? { right, because: lockFor(options, progress, 'explain') === undefined ? because : '' }
      : null,
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
