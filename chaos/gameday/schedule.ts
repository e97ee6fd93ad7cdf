import type { Incident } from '#chaos/contracts/gameday/incident.ts'
import { createRandom } from '#chaos/lib/random.ts'
import type { Random } from '#chaos/lib/random.ts'

import type { Pace } from './pace.ts'

export interface ScheduledIncident {
  readonly incident: Incident
  /** For the random choices of its faults. */
  readonly seed: number
  readonly pauseMs: number
  readonly quietMs: number
  /** When each of its faults begins, after {@link quietMs}. */
  readonly faultsMs: readonly number[]
}

/** How many incidents a game day has, unless its learner says. */
export const incidentsDefault = 4

/** How many incidents of a game day have at least one in which nothing is wrong. */
const quietFrom = 3

/**
 * The incidents of a game day: the seed decides which, in which sequence, and when. No incident comes twice before all others have
 * come. A game day of three or more has at least one in which nothing is wrong.
 */
export function scheduleGameday(
  catalogue: readonly Incident[],
  { seed, count, pace }: { readonly seed: number; readonly count: number; readonly pace: Pace },
): readonly ScheduledIncident[] {
  const random = createRandom(seed).fork('game day')
  const chosen: Incident[] = []
  while (chosen.length < count && catalogue.length > 0) chosen.push(...shuffled(catalogue, random))
  chosen.length = Math.min(count, chosen.length)
  const quiet = catalogue.filter(({ cause }) => cause === null)
  if (chosen.length >= quietFrom && quiet.length > 0 && chosen.every(({ cause }) => cause !== null))
    chosen[random.integer(0, chosen.length - 1)] = random.pick(quiet)
  return chosen.map((incident, i) => scheduleIncident(incident, random.fork(`incident ${i}`), pace))
}

/** When one incident begins, and with which seed. */
export function scheduleIncident(
  incident: Incident,
  random: Random,
  pace: Pick<Pace, 'pauseMs' | 'quietMs'>,
): ScheduledIncident {
  const within = ([min, max]: readonly [number, number]): number => random.integer(min, max)
  return {
    incident,
    seed: random.seed,
    pauseMs: within(pace.pauseMs),
    quietMs: within(pace.quietMs),
    faultsMs: incident.faults.map(({ afterMs = 0 }) =>
      typeof afterMs === 'number' ? afterMs : within(afterMs),
    ),
  }
}

function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const left = [...items]
  const mixed: T[] = []
  while (left.length > 0) mixed.push(...left.splice(random.integer(0, left.length - 1), 1))
  return mixed
}
