import type {
  GamedayBody,
  GamedayView,
  IncidentDebrief,
} from '#chaos/contracts/gameday/gameday-view.ts'
import type { SystemGamedays } from '#chaos/contracts/gameday/incident.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { createRandom, freshSeed } from '#chaos/lib/random.ts'

import { causes } from './answers.ts'
import { takenAction } from './conduct-incident.ts'
import type { IncidentDesk } from './conduct-incident.ts'
import type { HiddenFaults } from './hidden-faults.ts'
import { briskJudging, briskPace, usualJudging, usualPace } from './pace.ts'
import type { JudgingTimes, Pace } from './pace.ts'
import type { Places } from './places.ts'
import { incidentsDefault, scheduleGameday, scheduleIncident } from './schedule.ts'
import type { ScheduledIncident } from './schedule.ts'

/** A game day and everything that is hidden in it. */
export interface CurrentGameday {
  readonly id: string
  readonly seed: number
  readonly schedule: readonly ScheduledIncident[]
  readonly pace: Pace
  readonly judging: JudgingTimes
  readonly startedAt: string
  state: GamedayView['state']
  desk: IncidentDesk | null
  readonly closed: IncidentDebrief[]
  hidden: HiddenFaults | undefined
  signal: AbortSignal
  ended: Promise<unknown>
  end(reason: string): Promise<void>
  error?: string
}

const minuteMs = 60_000

/** Throws {@link InputError} for an incident that does not exist. */
export function newGameday(
  gamedays: SystemGamedays,
  body: GamedayBody,
  nowMs: number,
): CurrentGameday {
  const [usual, judging] =
    body.brisk === true ? [briskPace, briskJudging] : [usualPace, usualJudging]
  const pace = paceOf(body, usual)
  const seed = body.seed ?? freshSeed()
  const startedAt = new Date(nowMs).toISOString()
  return {
    id: `gameday-${startedAt.replaceAll(/\D/g, '').slice(0, 14)}`,
    seed,
    schedule: scheduleOf(gamedays, body, { seed, pace }),
    pace,
    judging,
    startedAt,
    state: 'running',
    desk: null,
    closed: [],
    hidden: undefined,
    signal: new AbortController().signal,
    ended: Promise.resolve(),
    end: async () => undefined,
  }
}

/** What its learner may see. */
export function viewGameday(
  gameday: CurrentGameday,
  { places, nowMs }: { readonly places: Places; readonly nowMs: number },
): GamedayView {
  const { desk } = gameday
  return {
    id: gameday.id,
    seed: gameday.seed,
    state: gameday.state,
    incidents: gameday.schedule.length,
    startedAt: gameday.startedAt,
    open: desk === null ? null : openIncident(gameday, desk, nowMs),
    places: places.choices,
    causes,
    closed: gameday.closed,
    ...(gameday.error === undefined ? {} : { error: gameday.error }),
  }
}

function openIncident(
  { closed, pace }: CurrentGameday,
  { state, openedMs, answers, actions }: IncidentDesk,
  nowMs: number,
): GamedayView['open'] {
  return {
    number: closed.length + 1,
    state,
    openForMs: Math.round(nowMs - openedMs),
    shortestMs: pace.shortestMs,
    limitMs: pace.limitMs,
    answers: answers.at(-1) ?? null,
    actions: actions.map(takenAction),
  }
}

function paceOf({ minutes }: GamedayBody, pace: Pace): Pace {
  if (minutes === undefined) return pace
  return { ...pace, limitMs: Math.max(minutes * minuteMs, pace.shortestMs) }
}

function scheduleOf(
  { incidents }: SystemGamedays,
  body: GamedayBody,
  { seed, pace }: { readonly seed: number; readonly pace: Pace },
): readonly ScheduledIncident[] {
  const { incident: id, incidents: count = incidentsDefault } = body
  if (id === undefined) return scheduleGameday(incidents, { seed, count, pace })
  const incident = incidents.find((one) => one.id === id)
  if (incident === undefined) throw new InputError(`There is no incident "${id}".`, { status: 404 })
  return [{ ...scheduleIncident(incident, createRandom(seed), pace), pauseMs: 0 }]
}
