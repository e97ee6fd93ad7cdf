import { randomInt } from 'node:crypto'

import type { JoinBody, JoinResponse } from '#chaos/contracts/workshop.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { hash, randomText } from '../hash.ts'
import { nameKey, plainName } from '../plain-text.ts'
import { exercisePush } from './exercise.ts'
import type { EventStore, WorkshopSettings } from './store/event-store.ts'
import type { PushContent, WorkshopEvent } from './store/events.ts'
import type { WorkshopState } from './store/workshop-state.ts'

const learnersMax = 1_000

/** The code has no characters that look the same. */
const codeLetters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'

export function newSettings(title: string, clock: Clock): WorkshopSettings {
  return {
    title,
    startedAt: new Date(clock.wallTimeMs()).toISOString(),
    code: Array.from({ length: 6 }, () => codeLetters[randomInt(codeLetters.length)]).join(''),
    instructorToken: randomText(),
    projectorToken: randomText(),
  }
}

export function isRightCode({ code }: WorkshopSettings, body: Pick<JoinBody, 'code'>): boolean {
  return body.code.trim().toUpperCase() === code
}

/** Throws {@link InputError} for a wrong code, an empty name or a full workshop. The same key is the same learner. */
export function joinWorkshop(
  {
    store,
    state,
    clock,
  }: { readonly store: EventStore; readonly state: WorkshopState; readonly clock: Clock },
  body: JoinBody,
): JoinResponse {
  const { settings } = store
  if (!isRightCode(settings, body))
    throw new InputError('The join code is wrong.', {
      remedy: 'Ask the instructor for the code. It is on the projector.',
      status: 403,
    })
  const wanted = plainName(body.name)
  if (nameKey(wanted) === '')
    throw new InputError('The name has no letters.', { remedy: 'Use a name with letters.' })
  const keyHash = hash(body.key)
  const before = [...state.learners.values()].find((each) => each.keyHash === keyHash)
  if (before === undefined && state.learners.size >= learnersMax)
    throw new InputError(`The workshop already has ${learnersMax} learners.`, {
      remedy: 'Ask the instructor to start a second host.',
      status: 409,
    })
  const learner = before?.learner ?? `l${state.learners.size + 1}-${randomText().slice(0, 6)}`
  const token = randomText()
  const name = freeName(state, wanted, learner)
  const { acceptsIncidents } = body
  const tokenHash = hash(token)
  const current = before === undefined ? currentState(state, learner, clock.wallTimeMs()) : []
  store.append({ kind: 'joined', learner, name, keyHash, tokenHash, acceptsIncidents }, ...current)
  return { learner, token, name, workshop: settings.title }
}

/** What a learner who joins later must receive. */
function currentState(
  state: WorkshopState,
  learner: string,
  nowMs: number,
): readonly WorkshopEvent[] {
  const { sequence, exercise } = state
  const pushes: PushContent[] = []
  if (sequence.length > 0) pushes.push({ type: 'sequence', labs: [...sequence] })
  if (exercise !== null && exercise.state !== 'stopped') pushes.push(exercisePush(exercise, nowMs))
  return pushes.map((push) => ({ kind: 'push', to: [learner], push }))
}

/** The name, with a number if that of another learner looks the same. */
function freeName({ learners }: WorkshopState, wanted: string, learner: string): string {
  const taken = new Set(
    [...learners.values()]
      .filter((each) => each.learner !== learner)
      .map(({ name }) => nameKey(name)),
  )
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted} (${number})`
    if (!taken.has(nameKey(name))) return name
  }
}
