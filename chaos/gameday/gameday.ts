import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import type {
  ActionBody,
  AnswersBody,
  GamedayBody,
  GamedayView,
  IncidentDebrief,
  TakenAction,
} from '#chaos/contracts/gameday/gameday-view.ts'
import type { SystemGamedays } from '#chaos/contracts/gameday/incident.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'
import { createRandom, freshSeed } from '#chaos/lib/random.ts'
import { writeAtomically } from '#chaos/lib/write-atomically.ts'

import { carryOut } from './actions.ts'
import { causes, familyOf, readAnswers } from './answers.ts'
import { debriefOf } from './debrief.ts'
import { createHiddenFaults } from './hidden-faults.ts'
import type { HiddenFaults } from './hidden-faults.ts'
import { briskJudging, briskPace, usualJudging, usualPace } from './pace.ts'
import type { JudgingTimes, Pace } from './pace.ts'
import { createPlaces } from './places.ts'
import { renderDebrief } from './render-debrief.ts'
import { cleanUp, conductIncident, openDesk } from './run-incident.ts'
import type { ConductTools, IncidentDesk } from './run-incident.ts'
import { scheduleGameday, scheduleIncident } from './schedule.ts'
import type { ScheduledIncident } from './schedule.ts'
import { settingsNow } from './settle.ts'
import { veilEvent } from './veil.ts'

/** Game days of one sandbox: one at a time. Methods throw {@link InputError}. */
export interface Gamedays {
  /** Null: there was none since the controller started. */
  view(): GamedayView | null
  /** Whether incidents are hidden now. */
  readonly isRunning: boolean
  /** Starts one: the incidents of the seed, or the one that an instructor sends. Resolves when it has begun. */
  start(body: GamedayBody): Promise<GamedayView>
  /**
   * The same for a workshop's host, which sends an incident to a sandbox whose learner agreed. `ended` resolves with what the learner
   * sees when it has closed.
   */
  push(body: PushedIncident): Promise<{ readonly ended: Promise<GamedayView> }>
  answer(body: AnswersBody): GamedayView
  act(body: ActionBody): Promise<TakenAction>
  /** Ends it early. Resolves when everything is healed. Without a game day it does nothing. */
  stop(): Promise<void>
  /** The debrief of the incidents that have closed, as one HTML page. */
  page(): string
}

/** An incident that a host sends. All learners with the same seed meet the same incident at the same times. */
export type PushedIncident = Required<Pick<GamedayBody, 'incident' | 'seed'>> &
  Pick<GamedayBody, 'minutes' | 'brisk'>

export interface GamedayParts {
  readonly sandbox: Sandbox
  /** Where the records of game days are kept. */
  readonly folder: string
  /** Nothing else may use the sandbox while the work runs. */
  occupy(
    name: string,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<{ readonly ended: Promise<void>; abort(reason: string): void }>
  /** The system's own code and settings, new books, no fault, no traffic. */
  restore(signal: AbortSignal): Promise<void>
  readonly send: ConductTools['send']
}

interface Current {
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

const countDefault = 4
const minuteMs = 60_000

export function createGamedays(parts: GamedayParts): Gamedays {
  const { sandbox } = parts
  const { system, clock } = sandbox
  const places = createPlaces(system.topology)
  let current: Current | null = null

  const deskOf = (): { readonly gameday: Current; readonly desk: IncidentDesk } => {
    if (current?.state !== 'running' || current.desk?.state !== 'open')
      throw new InputError('No incident is open.', {
        remedy: 'See the state: unhappy gameday status. Start: unhappy gameday',
        status: 409,
      })
    return { gameday: current, desk: current.desk }
  }
  const atOf = ({ openedMs }: IncidentDesk): number => Math.round(clock.now() - openedMs)
  const view = (): GamedayView | null => (current === null ? null : viewOf(current))

  const viewOf = (gameday: Current): GamedayView => ({
    id: gameday.id,
    seed: gameday.seed,
    state: gameday.state,
    incidents: gameday.schedule.length,
    startedAt: gameday.startedAt,
    open:
      gameday.desk === null
        ? null
        : {
            number: gameday.closed.length + 1,
            state: gameday.desk.state,
            openForMs: atOf(gameday.desk),
            shortestMs: gameday.pace.shortestMs,
            limitMs: gameday.pace.limitMs,
            answers: gameday.desk.answers.at(-1) ?? null,
            actions: gameday.desk.actions.map(({ session: _, ...action }) => action),
          },
    places: places.choices,
    causes,
    closed: gameday.closed,
    ...(gameday.error === undefined ? {} : { error: gameday.error }),
  })

  const start = async (body: GamedayBody): Promise<Current> => {
    const gamedays = gamedaysOf(system.gamedays)
    // One that is over may still restore the system.
    if (current !== null && current.state !== 'running') await current.ended
    const gameday = newGameday(gamedays, body, clock.wallTimeMs())
    const occupied = await parts.occupy('The game day', async (signal) => {
      current = gameday
      gameday.signal = signal
      await conduct(gameday, gamedays, parts)
    })
    // The game day keeps its error for its view.
    gameday.ended = occupied.ended.catch(() => undefined)
    gameday.end = async (reason) => {
      occupied.abort(reason)
      await gameday.ended
    }
    return gameday
  }

  return {
    view,
    get isRunning() {
      return current?.state === 'running'
    },
    start: async (body) => viewOf(await start(body)),
    push: async (body) => {
      const gameday = await start(body)
      return { ended: gameday.ended.then(() => viewOf(gameday)) }
    },
    answer: (body) => {
      const { gameday, desk } = deskOf()
      const atMs = atOf(desk)
      const answers = readAnswers(body, places)
      if (answers.final === true && atMs < gameday.pace.shortestMs)
        throw new InputError('It is too early for final answers.', {
          remedy: `Each incident is open for ${Math.ceil(gameday.pace.shortestMs / 1_000)} s at least. Send them without "final", and again later.`,
          status: 409,
        })
      desk.answers.push({ ...answers, atMs })
      const answered = viewOf(gameday)
      if (answers.final === true) desk.closed.abort()
      return answered
    },
    act: async (body) => {
      const { gameday, desk } = deskOf()
      if (gameday.hidden === undefined)
        throw new InputError('No incident is open.', { status: 409 })
      const atMs = atOf(desk)
      const around = { sandbox, hidden: gameday.hidden, signal: gameday.signal }
      const outcome = await carryOut(body, around)
      const action = { ...body, atMs, ...outcome }
      desk.actions.push(action)
      const { session: _, ...taken } = action
      return taken
    },
    stop: async () => {
      if (current?.state === 'running') await current.end('the user asked for it')
    },
    page: () => renderDebrief(viewWithClosed(view())),
  }
}

function newGameday(gamedays: SystemGamedays, body: GamedayBody, nowMs: number): Current {
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

function viewWithClosed(view: GamedayView | null): GamedayView {
  if (view !== null && view.closed.length > 0) return view
  throw new InputError('No incident has closed, so there is no debrief.', { status: 409 })
}

function gamedaysOf(gamedays: SystemGamedays | undefined): SystemGamedays {
  if (gamedays !== undefined && gamedays.incidents.length > 0) return gamedays
  throw new InputError('This system has no incidents for a game day.', { status: 409 })
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
  const { incident: id, incidents: count = countDefault } = body
  if (id === undefined) return scheduleGameday(incidents, { seed, count, pace })
  const incident = incidents.find((one) => one.id === id)
  if (incident === undefined) throw new InputError(`There is no incident "${id}".`, { status: 404 })
  return [{ ...scheduleIncident(incident, createRandom(seed), pace), pauseMs: 0 }]
}

/** Runs the incidents one after the other. Afterwards nothing hidden is left, whatever happened. */
async function conduct(
  gameday: Current,
  gamedays: SystemGamedays,
  parts: GamedayParts,
): Promise<void> {
  const { sandbox } = parts
  const { pace, judging, signal } = gameday
  await using hidden = createHiddenFaults(sandbox, createRandom(gameday.seed).fork('hidden'))
  gameday.hidden = hidden
  let settings: ConductTools['settings'] = new Map()
  using _veil = sandbox.journal.veil(veilEvent)
  let over: GamedayView['state'] = 'ended'
  try {
    await parts.restore(signal)
    settings = settingsNow(sandbox)
    const tools = { ...parts, hidden, gamedays, pace, judging, settings, signal }
    for (const scheduled of gameday.schedule) await conductOne(gameday, scheduled, tools)
  } catch (error) {
    over = 'stopped'
    gameday.error = messageOf(error)
  }
  gameday.desk = null
  gameday.hidden = undefined
  try {
    await hidden.healAll()
    await parts.send(null)
    // A halt wants silence at once. It starts what is stopped itself.
    if (!sandbox.halted) await cleanUp({ hidden, sandbox, settings })
    await save({ ...gameday, state: over }, parts.folder)
  } finally {
    gameday.state = over
  }
}

async function conductOne(
  gameday: Current,
  scheduled: ScheduledIncident,
  tools: ConductTools,
): Promise<void> {
  const { sandbox, signal } = tools
  await tools.send(tools.gamedays.traffic)
  if (gameday.closed.length > 0) await sandbox.clock.sleep(scheduled.pauseMs, signal)
  const desk = openDesk(sandbox.clock.now())
  gameday.desk = desk
  const conducted = await conductIncident(scheduled, desk, tools)
  gameday.desk = null
  gameday.closed.push(
    debriefOf(scheduled, conducted, {
      number: gameday.closed.length + 1,
      tools: { places: createPlaces(sandbox.system.topology), familyOf },
    }),
  )
}

async function save(gameday: Current, folder: string): Promise<void> {
  if (gameday.closed.length === 0) return
  const { id, seed, startedAt, state, closed } = gameday
  const record = { id, seed, startedAt, state, closed }
  await mkdir(join(folder, id), { recursive: true })
  await writeAtomically(join(folder, id, 'gameday.json'), `${JSON.stringify(record, null, 2)}\n`)
  await writeAtomically(join(folder, id, 'debrief.html'), renderDebrief(record))
}
