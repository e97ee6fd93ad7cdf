import type { AnswersBody, GamedayView } from '#chaos/contracts/gameday/gameday-view.ts'
import { faults } from '#chaos/faults/index.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'

import type { Places } from './places.ts'

/** What may be wrong, in the words of the faults. All kinds are in it, so the list says nothing about the incidents. */
export const causes: GamedayView['causes'] = Object.values(faults).map(({ kind, description }) => ({
  id: kind,
  words: description,
}))

/** What a kind of fault acts on; undefined: there is no such kind. */
export function familyOf(kind: string): string | undefined {
  return Object.values(faults).find((fault) => fault.kind === kind)?.target
}

export function wordsOf(kind: string): string {
  return causes.find(({ id }) => id === kind)?.words ?? kind
}

/** Throws {@link InputError} for a place or a cause that does not exist. */
export function readAnswers(body: AnswersBody, places: Places): AnswersBody {
  const { wrong, where = [], cause, chain = [] } = body
  if (!wrong && (where.length > 0 || cause !== undefined || chain.length > 0))
    throw new InputError('The answers say that nothing is wrong, and name a place or a cause.', {
      remedy: 'Say that something is wrong, or leave place, cause and chain empty.',
    })
  for (const place of [...where, ...chain]) places.resolve(place)
  if (cause !== undefined && !causes.some(({ id }) => id === cause))
    throw unknownName(
      'cause',
      cause,
      causes.map(({ id }) => id),
    )
  return body
}
