import type { OperationDefinition, System } from '#chaos/contracts/system.ts'
import type { RateName } from '#chaos/contracts/system/system-page.ts'

/** The key of the operation's rate in a scenario's `workload:`. */
export function rateKey({ rate, kind }: OperationDefinition): string {
  return rate ?? kind
}

/** The field of the operation's rate in traffic outside of runs: `browsePerSecond`. */
export function trafficRate(operation: OperationDefinition): RateName {
  return operation.trafficRate ?? `${rateKey(operation)}PerSecond`
}

/** What the rate counts, in sentences. */
export function ratedNouns({ rated, noun }: OperationDefinition): string {
  return rated ?? `${noun}s`
}

/** Rates by kind, from the fields or keys of something. Those that are absent are 0. */
export function ratesBy(
  { operations }: Pick<System, 'operations'>,
  rateOf: (operation: OperationDefinition) => number | undefined,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    operations.map((operation) => [operation.kind, rateOf(operation) ?? 0] as const),
  )
}
