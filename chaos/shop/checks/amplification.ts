import { Type } from 'typebox'

import {
  amplificationResult,
  duringLoadParam,
  linkRatio,
  ratioParam,
} from '#chaos/checks/lib/amplification.ts'
import type { Ratio } from '#chaos/checks/lib/amplification.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import { checkParams } from '#chaos/checks/lib/params.ts'
import { ofParam } from '#chaos/checks/lib/window.ts'
import { nameLengthMax } from '#chaos/contracts/max.ts'

import type { ShopEvidence } from '../evidence.ts'
import { operations } from '../operations.ts'
import type { ChargeRequest } from '../truth/truth.ts'
import { defineCheck } from './lib/define-check.ts'
import { orderCases } from './lib/order-cases.ts'

const name = 'amplification'

/** The general check of this name, and charge requests per order: payments’ books record them without a tap. */
export const amplification = defineCheck({
  name,
  description:
    'One upstream request causes at most this many downstream requests: charge requests per order in payments’ books, or requests on a tapped link per operation.',
  example: { atMost: 1.2 },
  params: checkParams({
    atMost: ratioParam,
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
    per: Type.Optional(ofParam(operations)),
    during: duringLoadParam,
    role: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: nameLengthMax,
        description: 'For charge requests: only those of orders with this role, such as huge.',
      }),
    ),
  }),
  taps: ({ link }) => link,
  judge(evidence, { atMost, link, exchange = '*', per = 'place-order', during, role }) {
    const ratio =
      link === undefined
        ? chargeRatio(requestsFor(evidence, role), role, atMost)
        : linkRatio(evidence, { operations, link, exchange, per, during, atMost })
    return amplificationResult(ratio, { name, atMost, during })
  },
})

function requestsFor(evidence: ShopEvidence, role: string | undefined): readonly ChargeRequest[] {
  if (role === undefined) return evidence.truth.chargeRequests
  return orderCases(evidence)
    .filter(({ operations: sent }) => sent.some(({ tags }) => tags.includes(role)))
    .flatMap(({ chargeRequests }) => chargeRequests)
}

function chargeRatio(
  requests: readonly ChargeRequest[],
  role: string | undefined,
  atMost: number,
): Ratio {
  const unit = role === undefined ? 'order' : `${role} order`
  return {
    downstream: requests.length,
    upstream: new Set(requests.map(({ orderId }) => orderId)).size,
    what: `charge requests per ${unit}`,
    unit,
    none: 'Payments received no charge request.',
    worst: () => worstOrders(requests, atMost),
  }
}

/** The orders with the most charge requests. */
function worstOrders(requests: readonly ChargeRequest[], atMost: number) {
  return [...Map.groupBy(requests, ({ orderId }) => orderId)]
    .filter(([, ofOrder]) => ofOrder.length > atMost)
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([id, ofOrder]) => ({
      id,
      expected: `about ${formatCount(Math.ceil(atMost), 'charge request')}`,
      actual: `${formatCount(ofOrder.length, 'charge request')}: ${ofOrder.map(({ outcome }) => outcome).join(', ')}`,
    }))
}
