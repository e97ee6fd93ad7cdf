import { Type } from 'typebox'

import type { Evidence } from '#chaos/contracts/check.ts'
import type { OperationKind } from '#chaos/contracts/history.ts'
import type { ChargeRequest } from '#chaos/contracts/truth.ts'
import { wildcardPattern } from '#chaos/lib/wildcard-pattern.ts'

import { defineCheck } from './lib/define-check.ts'
import { count } from './lib/format-figures.ts'
import { inconclusive, judged } from './lib/judged.ts'
import { orderCases } from './lib/order-cases.ts'
import { checkParams } from './lib/params.ts'
import { ofParam, operationsIn, windowName } from './lib/window.ts'

const name = 'amplification'

/** What one request upstream becomes downstream. Retries at every layer multiply; a budget keeps the product small. */
export const amplification = defineCheck({
  name,
  description:
    'At most this many requests downstream per request upstream: charge requests per order in payments’ books, or requests on a tapped link per operation.',
  example: { atMost: 1.2 },
  params: checkParams({
    atMost: Type.Number({ minimum: 0, description: 'Requests downstream per request upstream.' }),
    link: Type.Optional(
      Type.String({
        description:
          'Pattern of tapped links, such as api-*:payments. Absent: charge requests per order.',
      }),
    ),
    exchange: Type.Optional(
      Type.String({ description: 'Pattern of the exchanges on the link, such as POST /quotes.' }),
    ),
    per: Type.Optional(ofParam),
    during: Type.Optional(
      Type.Unsafe<'faults' | 'run'>({
        type: 'string',
        enum: ['faults', 'run'],
        description: 'Of a link: run (default) is the whole load, the steady state included.',
      }),
    ),
    role: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'Of charge requests: only those for orders with this role, such as huge.',
      }),
    ),
  }),
  judge(evidence, { atMost, link, exchange, per, during, role }) {
    const { downstream, upstream, what } =
      link === undefined
        ? chargesAsked(requestsFor(evidence, role), role)
        : linkRequests(evidence, link, exchange ?? '*', per ?? 'place-order', during)
    const title = `at most ${atMost} ${what}${windowName(during)}`
    if (upstream === 0 || downstream === 0)
      return inconclusive(
        name,
        title,
        link === undefined
          ? 'Payments was asked for nothing.'
          : `No request of such an exchange was seen on ${link}: is the link tapped, and does the workload cause it?`,
      )
    const ratio = downstream / upstream
    const figures = `${ratio.toFixed(2)} ${what} (${downstream} for ${upstream}).`
    const offenders =
      ratio <= atMost ? [] : worst(requestsFor(evidence, role), link, atMost, figures)
    return judged({
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
  readonly what: string
}

function requestsFor(evidence: Evidence, role: string | undefined): readonly ChargeRequest[] {
  if (role === undefined) return evidence.truth.chargeRequests
  return orderCases(evidence)
    .filter(({ operations }) => operations.some(({ tags }) => tags.includes(role)))
    .flatMap(({ chargeRequests }) => chargeRequests)
}

function chargesAsked(requests: readonly ChargeRequest[], role: string | undefined): Ratio {
  return {
    downstream: requests.length,
    upstream: new Set(requests.map(({ orderId }) => orderId)).size,
    what: `charge requests per ${role === undefined ? '' : `${role} `}order`,
  }
}

function linkRequests(
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
    what: `requests on ${link} per ${per}`,
  }
}

/** The orders that payments was asked about most; for a link only the whole is known. */
function worst(
  asked: readonly ChargeRequest[],
  link: string | undefined,
  atMost: number,
  figures: string,
) {
  if (link !== undefined) return [{ id: link, expected: `at most ${atMost}`, actual: figures }]
  return [...Map.groupBy(asked, ({ orderId }) => orderId)]
    .filter(([, requests]) => requests.length > atMost)
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([id, requests]) => ({
      id,
      expected: `about ${count(Math.ceil(atMost), 'charge request')}`,
      actual: `${requests.length}: ${requests.map(({ outcome }) => outcome).join(', ')}`,
    }))
}
