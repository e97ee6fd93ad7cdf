import type { Charge, ChargeRequest, PaymentsClient } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'

import type { ProbeTools } from '../../contract-probe.ts'

/**
 * What happens to a charge request: executed, but its response is lost; lost before it arrives; refused, because payments is
 * overloaded (503); refused for another reason (500); executed, and the worker dies; a number: executed after this many
 * milliseconds, without a response.
 */
export type RequestFate = 'reply-lost' | 'never' | 'overloaded' | 'refused' | 'dies' | number

export type LookupFate = 'lost' | 'overloaded' | 'refused'

export interface FakePayments extends Pick<PaymentsClient, 'charge' | 'findCharge'> {
  /** Every charge that was executed. */
  readonly books: readonly Charge[]
  /** Every charge request that was sent. */
  readonly requests: readonly ChargeRequest[]
  /** How often a worker died in a charge request. */
  readonly deaths: number
  /** What happens to each request from now on. Undefined: what the plan says. */
  outage: { readonly charge: RequestFate; readonly lookup?: LookupFate } | undefined
  /** From now on every request gets its response. */
  heal(): void
}

/** As the lab's worker: it waits one second for payments. */
const timeoutMs = 1_000
const responseMs = 20

/** Payments: executes one charge per idempotency key. */
export function createFakePayments(
  { sleep }: Pick<ProbeTools<unknown>, 'sleep'>,
  plan: {
    readonly fates: readonly RequestFate[]
    readonly lookups: readonly LookupFate[]
    readonly declined: boolean
  },
): FakePayments {
  const books: Charge[] = []
  const fates = [...plan.fates]
  const lookups = [...plan.lookups]

  const execute = ({ orderId, amountCents, idempotencyKey }: ChargeRequest): Charge => {
    const earlier = books.find((charge) => charge.idempotencyKey === idempotencyKey)
    if (earlier !== undefined) return earlier
    const status = plan.declined ? 'declined' : 'captured'
    const id = `ch_${books.length + 1}`
    const charge: Charge = { id, orderId, idempotencyKey, amountCents, status }
    books.push(charge)
    return charge
  }
  const noResponse = async (): Promise<never> => {
    await sleep(timeoutMs)
    throw PaymentsError.noAnswer(new Error('timeout'))
  }
  const refused = (status: 500 | 503): Error =>
    PaymentsError.refused(status, { message: status === 503 ? 'too many requests' : 'a bug' })

  const requests: ChargeRequest[] = []
  let deaths = 0
  const payments: FakePayments = {
    books,
    requests,
    get deaths() {
      return deaths
    },
    outage: undefined,
    heal() {
      payments.outage = undefined
      fates.length = 0
      lookups.length = 0
    },
    charge: async (request) => {
      requests.push(request)
      const fate = payments.outage?.charge ?? fates.shift()
      await sleep(responseMs)
      if (fate === undefined) return execute(request)
      if (fate === 'overloaded') throw refused(503)
      if (fate === 'refused') throw refused(500)
      if (fate === 'reply-lost' || fate === 'dies') execute(request)
      if (typeof fate === 'number') void sleep(fate).then(() => execute(request))
      if (fate !== 'dies') return await noResponse()
      deaths += 1
      return await new Promise<never>(() => undefined)
    },
    findCharge: async (key) => {
      const fate = payments.outage?.lookup ?? lookups.shift()
      await sleep(responseMs)
      if (fate === 'overloaded') throw refused(503)
      if (fate === 'refused') throw refused(500)
      if (fate === 'lost') return await noResponse()
      return books.find(({ idempotencyKey }) => idempotencyKey === key)
    },
  }
  return payments
}
