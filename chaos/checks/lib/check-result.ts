import type { CheckResult, Offender } from '#chaos/contracts/check.ts'

/** How many offenders a result lists. `offendersTotal` counts all of them. */
const offendersMax = 48

interface ResultParts {
  readonly name: string
  readonly title: string
  /** The summary without offenders: one sentence with the figures. */
  readonly held: string
  /** The summary with offenders. */
  readonly violated: string
  /** In time order. The story is about the first one. */
  readonly offenders: readonly Offender[]
  readonly measured?: number
  readonly limit?: number
}

/** A check result: held without offenders, violated with them. */
export function checkResult({ held, violated, offenders, ...rest }: ResultParts): CheckResult {
  const holds = offenders.length === 0
  return {
    ...rest,
    outcome: holds ? 'held' : 'violated',
    summary: holds ? held : violated,
    offenders: offenders.slice(0, offendersMax),
    offendersTotal: offenders.length,
  }
}

/** A check result without evidence. `why` says what is missing, and what to change in the scenario. */
export function inconclusiveResult(name: string, title: string, why: string): CheckResult {
  return { name, title, outcome: 'inconclusive', summary: why, offenders: [], offendersTotal: 0 }
}
