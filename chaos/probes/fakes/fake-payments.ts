import type { Charge, ChargeRequest, PaymentsClient } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'

import type { ProbeTools } from '../contract-probe.ts'

/**
 * What happens to a charge request: executed, but its response is lost; lost before it arrives; refused, because payments is
 * overloaded; a number: executed after this many milliseconds, without a response.
 */
export type RequestFate = 'reply-lost' | 'never' | 'overloaded' | number

export interface FakePayments extends Pick<PaymentsClient, 'charge' | 'findCharge'> {
  /** Every charge that was executed. */
  readonly books: readonly Charge[]
}

/** As the lab's worker: it waits one second for payments. */
const timeoutMs = 1_000
const responseMs = 20

/** Payments: executes one charge per idempotency key. */
export function createFakePayments(
  { sleep }: Pick<ProbeTools<unknown>, 'sleep'>,
  plan: {
    readonly fates: readonly RequestFate[]
    readonly lookups: readonly ('lost' | 'overloaded')[]
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
  const overloaded = (): Error => PaymentsError.refused(503, { message: 'too many requests' })

  return {
    books,
    charge: async (request) => {
      const fate = fates.shift()
      await sleep(responseMs)
      if (fate === undefined) return execute(request)
      if (fate === 'overloaded') throw overloaded()
      if (fate === 'reply-lost') execute(request)
      if (typeof fate === 'number') void sleep(fate).then(() => execute(request))
      return await noResponse()
    },
    findCharge: async (key) => {
      const fate = lookups.shift()
      await sleep(responseMs)
      if (fate === 'overloaded') throw overloaded()
      if (fate === 'lost') return await noResponse()
      return books.find(({ idempotencyKey }) => idempotencyKey === key)
    },
  }
}
