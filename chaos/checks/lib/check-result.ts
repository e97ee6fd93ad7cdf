import type { CheckResult, Offender } from '#chaos/contracts/check.ts'

/** Offenders that a result lists; it counts all of them. */
const offendersMax = 48

interface Judged {
  readonly name: string
  readonly title: string
  /** Said when nothing offends, with the numbers. */
  readonly held: string
  /** Said when something does. */
  readonly violated: string
  /** In time order: the first one's story is told. */
  readonly offenders: readonly Offender[]
  readonly measured?: number
  readonly limit?: number
}

/** Held without offenders, violated with them. */
export function checkResult({ held, violated, offenders, ...rest }: Judged): CheckResult {
  const holds = offenders.length === 0
  return {
    ...rest,
    outcome: holds ? 'held' : 'violated',
    summary: holds ? held : violated,
    offenders: offenders.slice(0, offendersMax),
    offendersTotal: offenders.length,
  }
}

/** There was nothing to judge by: that is never "held". `why` also says what would be needed. */
export function inconclusiveResult(name: string, title: string, why: string): CheckResult {
  return { name, title, outcome: 'inconclusive', summary: why, offenders: [], offendersTotal: 0 }
}
