import type { TruthCounters, TruthDescription } from '#chaos/contracts/truth.ts'

/** The work that is still in flight, in words: `2 waiting jobs`. Empty when the system is settled. */
export function unsettledCounters(
  counters: TruthCounters,
  { inFlight }: Pick<TruthDescription, 'inFlight'>,
): readonly string[] {
  return inFlight.flatMap(({ counter, noun }) => {
    const number = counters[counter] ?? 0
    return number > 0 ? [`${number} ${noun}${number === 1 ? '' : 's'}`] : []
  })
}
