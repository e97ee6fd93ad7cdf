import { Type } from 'typebox'

import type { CheckResult, Evidence, Offender } from '#chaos/contracts/check.ts'
import type { OperationKind } from '#chaos/contracts/history.ts'
import { timesMax } from '#chaos/contracts/max.ts'
import type { OperationDefinition } from '#chaos/contracts/system.ts'
import { wildcardPattern } from '#chaos/lib/wildcard-pattern.ts'

import { inconclusiveResult, checkResult } from './check-result.ts'
import { clockOf } from './clock-of.ts'
import { operationNoun } from './describe-operation.ts'
import { formatCount } from './format.ts'
import { operationsIn, windowName } from './window.ts'

type DuringLoad = 'faults' | 'run'

/** Parameter `atMost`. */
export const ratioParam = Type.Number({
  minimum: 0,
  maximum: timesMax,
  description: 'Downstream requests per upstream request.',
})

/** Parameter `during` of a link. */
export const duringLoadParam = Type.Optional(
  Type.Unsafe<DuringLoad>({
    type: 'string',
    enum: ['faults', 'run'],
    description:
      'For a link. faults: between the first fault and the heal. run (default): the whole load, including the steady state.',
  }),
)

/** Downstream requests and the upstream requests that caused them. */
export interface Ratio {
  readonly downstream: number
  readonly upstream: number
  /** `requests on web-*:store per page read`. */
  readonly what: string
  /** One upstream request, in words: `page read`. */
  readonly unit: string
  /** The result's summary if there is no request. */
  readonly none: string
  /** The offenders of a ratio that is too large; `figures`: the ratio in words. */
  readonly worst: (figures: string) => readonly Offender[]
}

/** Requests on tapped links per operation. */
export function linkRatio(
  evidence: Evidence,
  {
    operations,
    link,
    exchange,
    per,
    during,
    atMost,
  }: {
    readonly operations: readonly OperationDefinition[]
    readonly link: string
    readonly exchange: string
    readonly per: OperationKind
    readonly during: DuringLoad | undefined
    readonly atMost: number
  },
): Ratio {
  const clock = clockOf(evidence)
  const from = during === 'faults' ? evidence.faultsFromMs : Number.NEGATIVE_INFINITY
  const to = during === 'faults' ? evidence.faultsToMs : Number.POSITIVE_INFINITY
  const links = wildcardPattern(link)
  const signatures = wildcardPattern(exchange)
  const requests = evidence.journal.filter((event) => {
    if (event.type !== 'exchange' || event.part !== 'request') return false
    const ms = clock.msOf(event.ms)
    return ms >= from && ms <= to && links.test(event.link) && signatures.test(event.signature)
  })
  const steady =
    during === 'faults' ? [] : evidence.steadyOperations.filter(({ kind }) => kind === per)
  const unit = operationNoun(operations, per)
  return {
    downstream: requests.length,
    upstream: operationsIn(evidence, per, during).length + steady.length,
    what: `requests on ${link} per ${unit}`,
    unit,
    none: `No matching request was seen on ${link}. Check that the link is tapped and that the workload causes such a request.`,
    // The requests belong to no operation.
    worst: (figures) => [{ id: link, expected: `at most ${atMost}`, actual: figures }],
  }
}

export function amplificationResult(
  { downstream, upstream, what, unit, none, worst }: Ratio,
  {
    name,
    atMost,
    during,
  }: {
    readonly name: string
    readonly atMost: number
    readonly during: DuringLoad | undefined
  },
): CheckResult {
  const title = `at most ${atMost} ${what}${windowName(during)}`
  if (upstream === 0 || downstream === 0) return inconclusiveResult(name, title, none)
  const ratio = downstream / upstream
  const figures = `${ratio.toFixed(2)} ${what} (${downstream} requests for ${formatCount(upstream, unit)}); at most ${atMost} allowed.`
  return checkResult({
    name,
    title,
    measured: ratio,
    limit: atMost,
    offenders: ratio <= atMost ? [] : worst(figures),
    held: figures,
    violated: figures,
  })
}
