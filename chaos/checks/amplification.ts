import { Type } from 'typebox'

import type { Evidence } from '#chaos/contracts/check.ts'
import type { OperationKind } from '#chaos/contracts/history.ts'
import { nameLengthMax, timesMax } from '#chaos/contracts/max.ts'
import type { ChargeRequest } from '#chaos/contracts/truth.ts'
import { wildcardPattern } from '#chaos/lib/wildcard-pattern.ts'
import { orderCases } from '#chaos/shop/checks/lib/order-cases.ts'

import { inconclusiveResult, checkResult } from './lib/check-result.ts'
import { defineCheck } from './lib/define-check.ts'
import { operationNoun } from './lib/describe-operation.ts'
import { formatCount } from './lib/format.ts'
import { checkParams } from './lib/params.ts'
import { ofParam, operationsIn, windowName } from './lib/window.ts'

const name = 'amplification'

/** How many downstream requests one upstream request causes. Retries of several layers multiply; a retry budget limits them. */
export const amplification = defineCheck({
  name,
  description:
    'One upstream request causes at most this many downstream requests: charge requests per order in payments’ books, or requests on a tapped link per operation.',
  example: { atMost: 1.2 },
  params: checkParams({
    atMost: Type.Number({
      minimum: 0,
      maximum: timesMax,
      description: 'Downstream requests per upstream request.',
    }),
    link: Type.Optional(
      Type.String({
        maxLength: nameLengthMax,
        description:
          'Pattern of tapped links, such as api-*:payments. Without it: charge requests per order.',
      }),
    ),
    exchange: Type.Optional(
      Type.String({
        maxLength: nameLengthMax,
        description: 'Pattern of the exchanges on the link, such as POST /quotes. Without it: all.',
      }),
    ),
    per: Type.Optional(ofParam),
    during: Type.Optional(
      Type.Unsafe<'faults' | 'run'>({
        type: 'string',
        enum: ['faults', 'run'],
        description:
          'For a link. faults: between the first fault and the heal. run (default): the whole load, including the steady state.',
      }),
    ),
    role: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: nameLengthMax,
        description: 'For charge requests: only those of orders with this role, such as huge.',
      }),
    ),
  }),
  judge(evidence, { atMost, link, exchange, per, during, role }) {
    const { downstream, upstream, what, unit } =
      link === undefined
        ? chargeRatio(requestsFor(evidence, role), role)
        : linkRatio(evidence, link, exchange ?? '*', per ?? 'place-order', during)
    const title = `at most ${atMost} ${what}${windowName(during)}`
    if (upstream === 0 || downstream === 0)
      return inconclusiveResult(
        name,
        title,
        link === undefined
          ? 'Payments received no charge request.'
          : `No matching request was seen on ${link}. Check that the link is tapped and that the workload causes such a request.`,
      )
    const ratio = downstream / upstream
    const figures = `${ratio.toFixed(2)} ${what} (${downstream} requests for ${formatCount(upstream, unit)}); at most ${atMost} allowed.`
    const offenders =
      ratio <= atMost ? [] : worst(requestsFor(evidence, role), link, atMost, figures)
    return checkResult({
      name,
      title,
      measured: ratio,
      limit: atMost,
      offenders,
      held: figures,
      violated: figures,
    })
  },
})

interface Ratio {
  readonly downstream: number
  readonly upstream: number
  /** `charge requests per order`. */
  readonly what: string
  /** One upstream request, in words: `order`. */
  readonly unit: string
}

function requestsFor(evidence: Evidence, role: string | undefined): readonly ChargeRequest[] {
  if (role === undefined) return evidence.truth.chargeRequests
  return orderCases(evidence)
    .filter(({ operations }) => operations.some(({ tags }) => tags.includes(role)))
    .flatMap(({ chargeRequests }) => chargeRequests)
}

function chargeRatio(requests: readonly ChargeRequest[], role: string | undefined): Ratio {
  const unit = role === undefined ? 'order' : `${role} order`
  return {
    downstream: requests.length,
    upstream: new Set(requests.map(({ orderId }) => orderId)).size,
    what: `charge requests per ${unit}`,
    unit,
  }
}

function linkRatio(
  evidence: Evidence,
  link: string,
  exchange: string,
  per: OperationKind,
  during: 'faults' | 'run' | undefined,
): Ratio {
  const startedMs = Date.parse(evidence.workloadStartedAt)
  const from = during === 'faults' ? evidence.faultsFromMs : Number.NEGATIVE_INFINITY
  const to = during === 'faults' ? evidence.faultsToMs : Number.POSITIVE_INFINITY
  const links = wildcardPattern(link)
  const signatures = wildcardPattern(exchange)
  const requests = evidence.journal.filter((event) => {
    if (event.type !== 'exchange' || event.part !== 'request') return false
    const ms = Date.parse(event.at) - startedMs
    return ms >= from && ms <= to && links.test(event.link) && signatures.test(event.signature)
  })
  const steady =
    during === 'faults' ? [] : evidence.steadyOperations.filter(({ kind }) => kind === per)
  return {
    downstream: requests.length,
    upstream: operationsIn(evidence, per, during).length + steady.length,
    what: `requests on ${link} per ${operationNoun(per)}`,
    unit: operationNoun(per),
  }
}

/** The orders with the most charge requests. For a link: the link, because its requests belong to no order. */
function worst(
  chargeRequests: readonly ChargeRequest[],
  link: string | undefined,
  atMost: number,
  figures: string,
) {
  if (link !== undefined) return [{ id: link, expected: `at most ${atMost}`, actual: figures }]
  return [...Map.groupBy(chargeRequests, ({ orderId }) => orderId)]
    .filter(([, requests]) => requests.length > atMost)
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([id, requests]) => ({
      id,
      expected: `about ${formatCount(Math.ceil(atMost), 'charge request')}`,
      actual: `${formatCount(requests.length, 'charge request')}: ${requests.map(({ outcome }) => outcome).join(', ')}`,
    }))
}
