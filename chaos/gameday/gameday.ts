import type {
  ActionBody,
  AnswersBody,
  GamedayBody,
  GamedayView,
  TakenAction,
} from '#chaos/contracts/gameday/gameday-view.ts'
import type { SystemGamedays } from '#chaos/contracts/gameday/incident.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { carryOut } from './actions.ts'
import { readAnswers } from './answers.ts'
import { conductGameday } from './conduct-gameday.ts'
import type { ConductParts } from './conduct-gameday.ts'
import { takenAction } from './conduct-incident.ts'
import type { IncidentDesk } from './conduct-incident.ts'
import { newGameday, viewGameday } from './current-gameday.ts'
import type { CurrentGameday } from './current-gameday.ts'
import type { HiddenFaults } from './hidden-faults.ts'
import type { Pace } from './pace.ts'
import { createPlaces } from './places.ts'
import { renderDebrief } from './render-debrief.ts'

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

export interface GamedayParts extends ConductParts {
  /** Nothing else may use the sandbox while the work runs. */
  readonly occupy: (
    name: string,
    work: (signal: AbortSignal) => Promise<void>,
  ) => Promise<{ readonly ended: Promise<void>; abort(reason: string): void }>
}

export function createGamedays(parts: GamedayParts): Gamedays {
  const { sandbox } = parts
  const { system, clock } = sandbox
  const places = createPlaces(system.topology)
  let current: CurrentGameday | null = null

  const atOf = ({ openedMs }: IncidentDesk): number => Math.round(clock.now() - openedMs)
  const viewOf = (gameday: CurrentGameday): GamedayView =>
    viewGameday(gameday, { places, nowMs: clock.now() })
  const view = (): GamedayView | null => (current === null ? null : viewOf(current))

  const start = async (body: GamedayBody): Promise<CurrentGameday> => {
    const gamedays = gamedaysOf(system.gamedays)
    // One that is over may still restore the system.
    if (current !== null && current.state !== 'running') await current.ended
    const gameday = newGameday(gamedays, body, clock.wallTimeMs())
    const occupied = await parts.occupy('The game day', async (signal) => {
      current = gameday
      gameday.signal = signal
      await conductGameday(gameday, gamedays, parts)
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
      const { gameday, desk } = openDeskOf(current)
      const atMs = atOf(desk)
      const answers = readAnswers(body, places)
      if (answers.final === true) refuseTooEarly(atMs, gameday.pace)
      desk.answers.push({ ...answers, atMs })
      const answered = viewOf(gameday)
      if (answers.final === true) desk.closed.abort()
      return answered
    },
    act: async (body) => {
      const { gameday, desk, hidden } = openDeskOf(current)
      const atMs = atOf(desk)
      const act = async (): Promise<TakenAction> => {
        const outcome = await carryOut(body, { sandbox, hidden, signal: gameday.signal })
        const action = { ...body, atMs, ...outcome }
        desk.actions.push(action)
        return takenAction(action)
      }
      const acting = act()
      desk.acting = Promise.allSettled([desk.acting, acting])
      return await acting
    },
    stop: async () => {
      if (current?.state === 'running') await current.end('the user asked for it')
    },
    page: () => renderDebrief(viewWithClosed(view())),
  }
}

function viewWithClosed(view: GamedayView | null): GamedayView {
  if (view !== null && view.closed.length > 0) return view
  throw new InputError('No incident has closed, so there is no debrief.', { status: 409 })
}

function openDeskOf(current: CurrentGameday | null): {
  readonly gameday: CurrentGameday
  readonly desk: IncidentDesk
  readonly hidden: HiddenFaults
} {
  if (
    current?.state === 'running' &&
    current.desk?.state === 'open' &&
    current.hidden !== undefined
  )
    return { gameday: current, desk: current.desk, hidden: current.hidden }
  throw new InputError('No incident is open.', {
    remedy: 'See the state: unhappy gameday status. Start one: unhappy gameday start',
    status: 409,
  })
}

function refuseTooEarly(atMs: number, { shortestMs }: Pace): void {
  if (atMs >= shortestMs) return
  throw new InputError('It is too early for final answers.', {
    remedy: `Each incident is open for ${Math.ceil(shortestMs / 1_000)} s at least. Send them without "final", and again later.`,
    status: 409,
  })
}

function gamedaysOf(gamedays: SystemGamedays | undefined): SystemGamedays {
  if (gamedays !== undefined && gamedays.incidents.length > 0) return gamedays
  throw new InputError('This system has no incidents for a game day.', { status: 409 })
}
