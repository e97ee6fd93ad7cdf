import { scoredParts } from '#chaos/contracts/gameday/gameday-view.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import type {
  ExerciseView,
  FeedEntry,
  Push,
  Report,
  ReportOf,
  ScoreboardState,
  ScoreRow,
} from '#chaos/contracts/workshop.ts'

import type {
  ExerciseEvent,
  IncidentEvent,
  JoinedEvent,
  PushEvent,
  SeatEvent,
  StoredEvent,
} from './events.ts'

const feedMax = 100

/** What one learner did in one lab. */
export interface LabState {
  readonly lab: string
  openedAt?: string
  prediction?: ReportOf<'prediction'>
  firstVerdict?: ReportOf<'verdict'>
  lastVerdict?: ReportOf<'verdict'>
  /** Runs by outcome. */
  readonly verdicts: Record<'held' | 'violated' | 'inconclusive', number>
  heldAt?: string
  /** Verdicts `violated` since the last `held`. */
  violations: number
  hintsUsed: number
  explainedCharacters?: number
  hasSharedCode?: true
}

export interface LearnerState {
  readonly learner: string
  readonly joinedAt: string
  name: string
  keyHash: string
  tokenHash: string
  acceptsIncidents: boolean
  hasLeft: boolean
  /** The lab of the latest report that names one. */
  lab: string | null
  /** What the latest report was about. */
  latest: Report['type'] | null
  changedAt: string
  help: { readonly at: string; readonly text: string | null } | null
  readonly labs: Map<string, LabState>
  /** By the id of the occurrence: the sum of the scores. */
  readonly incidentScores: Map<string, number>
  reports: number
  /** Characters of all reports. */
  characters: number
}

export interface IncidentState extends IncidentEvent {
  readonly begun: Set<string>
  readonly refused: Set<string>
  readonly answered: Set<string>
}

/** Everything that the views need, in memory. It follows from the stored events. */
export interface WorkshopState {
  /** Ids of the labs of this host. A report about another one is stored, and changes no score. */
  readonly labs: ReadonlySet<string>
  readonly learners: Map<string, LearnerState>
  readonly learnerByToken: Map<string, LearnerState>
  readonly pushes: { readonly to: ReadonlySet<string>; readonly push: Push }[]
  exercise: ExerciseEvent | null
  sequence: readonly string[]
  scoreboard: {
    readonly state: ScoreboardState
    readonly frozenAt: string | null
    readonly frozen: readonly ScoreRow[] | null
  }
  /** Labs whose predictions are revealed, the latest last. */
  readonly revealed: Set<string>
  readonly incidents: Map<string, IncidentState>
  /** Newest first. */
  readonly feed: FeedEntry[]
  /** The browsers of learners that may use a seat, oldest first. */
  readonly seats: SeatEvent[]
  /** How often each seat was freed. */
  readonly seatsFreed: Map<number, number>
}

export function createWorkshopState(labs: readonly Pick<Lab, 'id'>[]): WorkshopState {
  return {
    labs: new Set(labs.map(({ id }) => id)),
    learners: new Map(),
    learnerByToken: new Map(),
    pushes: [],
    exercise: null,
    sequence: [],
    scoreboard: { state: 'off', frozenAt: null, frozen: null },
    revealed: new Set(),
    incidents: new Map(),
    feed: [],
    seats: [],
    seatsFreed: new Map(),
  }
}

/** Changes the state by one event. Events come in the sequence of their numbers. */
export function applyEvent(state: WorkshopState, event: StoredEvent): void {
  switch (event.kind) {
    case 'joined':
      return applyJoined(state, event)
    case 'report':
      return applyReport(state, event)
    case 'push':
      return applyPush(state, event)
    case 'seat':
      state.seats.push(event)
      return
    case 'seat-freed':
      return applySeatFreed(state, event.seat)
    case 'exercise':
      state.exercise = event
      return
    case 'sequence':
      state.sequence = event.labs
      return
    case 'scoreboard':
      state.scoreboard = {
        state: event.state,
        frozen: event.frozen,
        frozenAt: event.state === 'frozen' ? event.at : null,
      }
      return
    case 'reveal':
      state.revealed.delete(event.lab)
      if (event.isRevealed) state.revealed.add(event.lab)
      return
    case 'incident': {
      const none = {
        begun: new Set<string>(),
        refused: new Set<string>(),
        answered: new Set<string>(),
      }
      const { begun, refused, answered } = state.incidents.get(event.id) ?? none
      state.incidents.set(event.id, { ...event, begun, refused, answered })
    }
  }
}

function applySeatFreed({ seats, seatsFreed }: WorkshopState, seat: number): void {
  const others = seats.filter((each) => each.seat !== seat)
  seats.splice(0, seats.length, ...others)
  seatsFreed.set(seat, (seatsFreed.get(seat) ?? 0) + 1)
}

function applyJoined(state: WorkshopState, event: StoredEvent & JoinedEvent): void {
  const { learner, name, keyHash, tokenHash, acceptsIncidents, at } = event
  const before = state.learners.get(learner)
  if (before !== undefined) state.learnerByToken.delete(before.tokenHash)
  const now: LearnerState = before ?? {
    learner,
    joinedAt: at,
    name,
    keyHash,
    tokenHash,
    acceptsIncidents,
    hasLeft: false,
    lab: null,
    latest: null,
    changedAt: at,
    help: null,
    labs: new Map(),
    incidentScores: new Map(),
    reports: 0,
    characters: 0,
  }
  Object.assign(now, { name, tokenHash, acceptsIncidents, hasLeft: false, changedAt: at })
  state.learners.set(learner, now)
  state.learnerByToken.set(tokenHash, now)
  addToFeed(state, { seq: event.seq, at, learner, name, report: { type: 'joined' } })
}

function applyReport(
  state: WorkshopState,
  {
    seq,
    at,
    learner: id,
    report,
  }: StoredEvent & { readonly learner: string; readonly report: Report },
): void {
  const learner = state.learners.get(id)
  if (learner === undefined) return
  learner.reports++
  learner.characters += JSON.stringify(report).length
  learner.changedAt = at
  learner.latest = report.type
  if ('lab' in report && report.lab !== undefined && state.labs.has(report.lab)) {
    learner.lab = report.lab
    const lab = learner.labs.get(report.lab) ?? newLab(report.lab)
    learner.labs.set(report.lab, lab)
    applyToLab(lab, report)
  }
  if (report.type === 'help') learner.help = { at, text: report.text ?? null }
  if (report.type === 'left') Object.assign(learner, { hasLeft: true, help: null })
  if (report.type === 'incident-answer') incidentOf(state, id, report.incident)?.answered.add(id)
  if (report.type === 'incident-state') applyIncidentState(state, learner, report)
  addToFeed(state, { seq, at, learner: id, name: learner.name, report: forFeed(report) })
}

function newLab(lab: string): LabState {
  return { lab, verdicts: { held: 0, violated: 0, inconclusive: 0 }, violations: 0, hintsUsed: 0 }
}

function applyToLab(lab: LabState, report: Report): void {
  if (report.type === 'lab-opened') lab.openedAt ??= report.at
  if (report.type === 'prediction') lab.prediction ??= report
  if (report.type === 'hint') lab.hintsUsed = Math.max(lab.hintsUsed, report.used)
  if (report.type === 'explanation') lab.explainedCharacters = report.characters
  if (report.type === 'code') lab.hasSharedCode = true
  if (report.type !== 'verdict') return
  lab.verdicts[report.outcome]++
  // A run that proved nothing measured nothing.
  if (report.outcome !== 'inconclusive') lab.firstVerdict ??= report
  lab.lastVerdict = report
  if (report.outcome === 'violated') lab.violations++
  if (report.outcome === 'held') {
    lab.heldAt ??= report.at
    lab.violations = 0
  }
}

/** Undefined: the incident was not sent to this learner. */
function incidentOf(
  { incidents }: WorkshopState,
  learner: string,
  id: string,
): IncidentState | undefined {
  const incident = incidents.get(id)
  return incident?.sentTo.includes(learner) === true ? incident : undefined
}

function applyIncidentState(
  state: WorkshopState,
  learner: LearnerState,
  report: ReportOf<'incident-state'>,
): void {
  const incident = incidentOf(state, learner.learner, report.incident)
  if (report.what === 'begun') incident?.begun.add(learner.learner)
  if (report.what === 'refused') incident?.refused.add(learner.learner)
  if (report.scores === undefined || incident === undefined) return
  const { scores } = report
  // A learner can send any part.
  const sum = scoredParts.reduce((before, part) => before + (scores[part] ?? 0), 0)
  learner.incidentScores.set(report.incident, sum)
}

function applyPush(state: WorkshopState, { seq, at, to, push }: StoredEvent & PushEvent): void {
  state.pushes.push({ to: new Set(to), push: { ...push, seq, at } })
  if (push.type !== 'help-seen') return
  for (const learner of to) Object.assign(state.learners.get(learner) ?? {}, { help: null })
}

/** Code is not part of the feed. */
function forFeed(report: Report): FeedEntry['report'] {
  return report.type === 'code' ? { type: 'code', lab: report.lab } : report
}

function addToFeed(state: WorkshopState, entry: FeedEntry): void {
  state.feed.unshift(entry)
  state.feed.length = Math.min(state.feed.length, feedMax)
}

/** What is left of a timer at this time, ms. Null: there is no timer. */
export function leftOf(exercise: ExerciseEvent, nowMs: number): ExerciseView['leftMs'] {
  if (exercise.endsAt === null) return exercise.leftMs
  return Math.max(0, Date.parse(exercise.endsAt) - nowMs)
}
