import type { Lab } from '#chaos/contracts/lab.ts'
import type {
  ExerciseBody,
  ExerciseChange,
  IncidentBody,
  IncidentOption,
  IncidentResult,
  InstructorView,
  JoinAddress,
  JoinBody,
  JoinResponse,
  LearnerRecord,
  MemberView,
  ProjectorView,
  Push,
  PushBody,
  PushResult,
  Recipients,
  Report,
  ReportOf,
  ScoreboardState,
} from '#chaos/contracts/workshop.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'

import { hash, randomText } from '../hash.ts'
import { plainText } from '../plain-text.ts'
import { changedExercise, exercisePush, startedExercise } from './exercise.ts'
import { joinWorkshop } from './join-workshop.ts'
import type { EventStore, WorkshopSettings } from './store/event-store.ts'
import type { ExerciseEvent } from './store/events.ts'
import type { LearnerState, WorkshopState } from './store/workshop-state.ts'
import { instructorView, type ViewContext } from './views/instructor-view.ts'
import { projectorView } from './views/projector-view.ts'
import { scoreRows } from './views/score-rows.ts'

/** Per learner. A day of work causes some hundred. */
const reportsMax = 20_000
const reportCharactersMax = 20_000_000

export interface WorkshopParts {
  readonly store: EventStore
  readonly state: WorkshopState
  readonly labs: readonly Lab[]
  readonly incidents: readonly IncidentOption[]
  readonly join: JoinAddress
  readonly clock: Clock
  readonly isOnline: (learner: string) => boolean
  readonly seats?: ViewContext['seats']
}

/** One workshop. Methods throw {@link InputError}. What a method changed is on disk when it returns or resolves. */
export interface Workshop {
  readonly settings: WorkshopSettings
  join(body: JoinBody): JoinResponse
  /** The learner of this token; undefined: it is not valid, or no longer. */
  learnerOf(token: string): LearnerState | undefined
  memberView(learner: LearnerState): MemberView
  report(learner: LearnerState, reports: readonly Report[]): Promise<readonly string[]>
  /** What was sent to this learner after this number, oldest first. */
  pushesOf(learner: string, after: number): readonly Push[]
  push(body: PushBody): PushResult
  seeHelp(learner: string): void
  startExercise(body: ExerciseBody): void
  changeExercise(change: ExerciseChange): void
  setSequence(labs: readonly string[]): void
  setScoreboard(state: ScoreboardState): void
  reveal(lab: string, isRevealed: boolean): void
  startIncident(body: IncidentBody): IncidentResult
  endIncident(id: string): void
  record(learner: string): LearnerRecord
  records(): readonly LearnerRecord[]
  instructorView(): InstructorView
  projectorView(): ProjectorView
}

export function createWorkshop(parts: WorkshopParts): Workshop {
  const { store, state, clock } = parts
  const context = (): ViewContext => ({
    ...parts,
    title: store.settings.title,
    startedAt: store.settings.startedAt,
    nowMs: clock.wallTimeMs(),
  })
  const record = (id: string): LearnerRecord => recordOf(store, requireLearner(state, id))
  return {
    settings: store.settings,
    join: (body) => joinWorkshop(parts, body),
    learnerOf: (token) => state.learnerByToken.get(hash(token)),
    memberView: ({ learner, name, acceptsIncidents, reports }) => ({
      learner,
      name,
      workshop: store.settings.title,
      acceptsIncidents,
      reports,
    }),
    report: async (learner, reports) => {
      refuseTooMuch(learner, reports)
      await store.appendSoon(
        reports.map((report) => ({
          kind: 'report',
          learner: learner.learner,
          report: withPlainTexts(report),
        })),
      )
      return reports.map(({ id }) => id)
    },
    pushesOf: (learner, after) =>
      state.pushes
        .filter(({ to, push }) => push.seq > after && to.has(learner))
        .flatMap(({ push }) => inTime(push, state, clock.wallTimeMs())),
    ...actions(parts),
    record,
    records: () => [...state.learners.keys()].map(record),
    instructorView: () => instructorView(state, context()),
    projectorView: () => projectorView(state, context()),
  }
}

/** What the instructor does. */
function actions(
  parts: WorkshopParts,
): Pick<
  Workshop,
  | 'push'
  | 'seeHelp'
  | 'startExercise'
  | 'changeExercise'
  | 'setSequence'
  | 'setScoreboard'
  | 'reveal'
  | 'startIncident'
  | 'endIncident'
> {
  const { store, state, labs, clock } = parts
  const now = (): string => new Date(clock.wallTimeMs()).toISOString()
  return {
    push: ({ to, push }) => {
      if (push.type !== 'note') requireLab(labs, push.lab)
      const sentTo = recipients(state, to)
      const content = 'text' in push ? { ...push, text: plainText(push.text) } : push
      store.append({ kind: 'push', to: sentTo, push: content })
      return { sentTo }
    },
    seeHelp: (learner) => {
      requireLearner(state, learner)
      store.append({ kind: 'push', to: [learner], push: { type: 'help-seen' } })
    },
    startExercise: (body) => {
      if (body.lab !== undefined) requireLab(labs, body.lab)
      appendExercise(parts, startedExercise(state.exercise, body, clock.wallTimeMs()))
    },
    changeExercise: (change) =>
      appendExercise(parts, changedExercise(state.exercise, change, clock.wallTimeMs())),
    setSequence: (ids) => {
      for (const id of ids) requireLab(labs, id)
      store.append(
        { kind: 'sequence', labs: ids },
        { kind: 'push', to: recipients(state, 'all'), push: { type: 'sequence', labs: [...ids] } },
      )
    },
    setScoreboard: (shown) =>
      void store.append({
        kind: 'scoreboard',
        state: shown,
        frozen: shown === 'frozen' ? scoreRows(state.learners.values()) : null,
      }),
    reveal: (lab, isRevealed) => {
      requireLab(labs, lab)
      store.append({ kind: 'reveal', lab, isRevealed })
    },
    startIncident: (body) => startIncident(parts, body),
    endIncident: (id) => {
      const found = state.incidents.get(id)
      if (found === undefined) throw unknownName('incident', id, [...state.incidents.keys()])
      if (found.state === 'ended')
        throw new InputError('This incident has ended.', {
          remedy: 'Start another one.',
          status: 409,
        })
      const { incident, seed, sentTo, startedAt } = found
      store.append(
        { kind: 'incident', id, incident, seed, sentTo, startedAt, state: 'ended', endsAt: now() },
        { kind: 'push', to: [...sentTo], push: { type: 'incident-end', id } },
      )
    },
  }
}

function startIncident(parts: WorkshopParts, body: IncidentBody): IncidentResult {
  const { store, state, clock, incidents } = parts
  const known = incidents.map((option) => option.id)
  if (!known.includes(body.incident)) throw unknownName('incident', body.incident, known)
  const asked = recipients(state, body.to)
  const agreed = (learner: string): boolean =>
    state.learners.get(learner)?.acceptsIncidents === true
  const sentTo = asked.filter(agreed)
  const declined = asked.filter((learner) => !agreed(learner))
  if (sentTo.length === 0)
    throw new InputError('No learner has agreed to incidents.', {
      remedy: 'Learners agree when they join: unhappy workshop join URL --incidents',
      status: 409,
    })
  const { incident, seed, limitMs } = body
  const id = `i-${randomText().slice(0, 10)}`
  const startMs = clock.wallTimeMs()
  store.append(
    {
      kind: 'incident',
      id,
      incident,
      seed,
      sentTo,
      state: 'running',
      startedAt: new Date(startMs).toISOString(),
      endsAt: new Date(startMs + limitMs).toISOString(),
    },
    { kind: 'push', to: sentTo, push: { type: 'incident', id, incident, seed, limitMs } },
  )
  return { id, sentTo, declined }
}

function appendExercise({ store, state, clock }: WorkshopParts, exercise: ExerciseEvent): void {
  const push = exercisePush(exercise, clock.wallTimeMs())
  store.append(exercise, { kind: 'push', to: recipients(state, 'all'), push })
}

function recipients(state: WorkshopState, to: Recipients): string[] {
  if (to !== 'all') return [...new Set(to)].map((id) => requireLearner(state, id).learner)
  return [...state.learners.values()].filter((each) => !each.hasLeft).map(({ learner }) => learner)
}

function requireLearner({ learners }: WorkshopState, id: string): LearnerState {
  const found = learners.get(id)
  if (found !== undefined) return found
  throw new InputError(`There is no learner "${id}".`, {
    remedy: 'GET /api/workshop lists the learners.',
    status: 404,
  })
}

function requireLab(labs: readonly Lab[], id: string): void {
  if (labs.some((lab) => lab.id === id)) return
  throw unknownName(
    'lab',
    id,
    labs.map((lab) => lab.id),
  )
}

function refuseTooMuch({ reports, characters }: LearnerState, more: readonly Report[]): void {
  const size = more.reduce((before, report) => before + JSON.stringify(report).length, 0)
  if (reports + more.length <= reportsMax && characters + size <= reportCharactersMax) return
  throw new InputError(`This learner has sent ${reports} reports with ${characters} characters.`, {
    remedy: 'A workshop stores 20000 reports and 20000000 characters of each learner.',
    status: 413,
  })
}

/** What a learner wrote loses characters that a terminal or page could interpret. Code stays as it is. */
function withPlainTexts(report: Report): Report {
  if (report.type === 'help' && report.text !== undefined)
    return { ...report, text: plainText(report.text) }
  if (report.type === 'verdict') return withCheckNames(report)
  if (report.type !== 'incident-answer') return report
  const { where, cause, chain, done } = report
  return {
    ...report,
    where: where.map(plainText),
    chain: chain.map(plainText),
    cause: plainText(cause),
    done: plainText(done),
  }
}

/** The projector shows these names, so they are names of checks and not sentences. */
function withCheckNames(report: ReportOf<'verdict'>): Report {
  const { failed, ...rest } = report
  const run = plainText(report.run)
  if (failed === undefined) return { ...rest, run }
  return { ...rest, run, failed: failed.filter((name) => /^[a-z][a-z0-9-]{0,59}$/.test(name)) }
}

/** A sandbox that was offline begins no incident that is over, and has the time that is left. */
function inTime(push: Push, { incidents }: WorkshopState, nowMs: number): readonly Push[] {
  if (push.type !== 'incident') return [push]
  const { state, endsAt } = incidents.get(push.id) ?? { state: 'ended', endsAt: push.at }
  const leftMs = Date.parse(endsAt) - nowMs
  return state === 'ended' || leftMs <= 0 ? [] : [{ ...push, limitMs: leftMs }]
}

function recordOf(store: EventStore, learner: LearnerState): LearnerRecord {
  const { name, joinedAt, acceptsIncidents } = learner
  const reports = store
    .of(learner.learner)
    .flatMap((event) =>
      event.kind === 'report' ? [{ ...event.report, seq: event.seq, receivedAt: event.at }] : [],
    )
  return { learner: learner.learner, name, joinedAt, acceptsIncidents, reports }
}
