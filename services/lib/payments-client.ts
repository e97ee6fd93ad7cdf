import { createParser } from './parsing/parser.ts'
import { parseRefusal, throwIfRefused, unreadable } from './payments-error.ts'
import { parseCharge } from './payments/charge.ts'
import type { Charge, ChargeRequest } from './payments/charge.ts'
import type { PaymentsAnswer, PaymentsConnection } from './payments/connection.ts'

export type { Charge, ChargeRequest } from './payments/charge.ts'

export interface PaymentMethod {
  readonly method: string
  readonly feeCents: number
}

/** Each method rejects with {@link PaymentsError}. */
export interface PaymentsClient {
  charge(request: ChargeRequest): Promise<Charge>
  /**
   * The charge under this key. Undefined if payments has none yet; a request in flight may still
   * change that.
   */
  findCharge(idempotencyKey: string): Promise<Charge | undefined>
  close(): Promise<void>
}

interface MethodList {
  readonly amountCents: number
  readonly methods: readonly PaymentMethod[]
}

const parseMethods = createParser<MethodList>({
  type: 'object',
  required: ['amountCents', 'methods'],
  properties: {
    amountCents: { type: 'integer' },
    methods: {
      type: 'array',
      items: {
        type: 'object',
        required: ['method', 'feeCents'],
        properties: {
          method: { type: 'string', minLength: 1 },
          feeCents: { type: 'integer', minimum: 0 },
        },
      },
    },
  },
})

/**
 * A response whose body is not what payments promises is the same as silence: it proves neither that
 * payments executed the request nor that it did not.
 */
export function createPaymentsClient(
  payments: PaymentsConnection,
  readCharge: (answer: PaymentsAnswer, request: ChargeRequest) => Charge,
): PaymentsClient {
  return {
    async charge(request) {
      const { idempotencyKey, ...body } = request
      const path = '/charges'
      return readCharge(
        await payments.call({ method: 'POST', path, key: idempotencyKey, body }),
        request,
      )
    },
    async findCharge(key) {
      const path = `/charges/by-key/${encodeURIComponent(key)}`
      const answer = await payments.call({ method: 'GET', path })
      if (answer.status === 404 && parseRefusal(answer.body)?.error === 'unknown-charge')
        return undefined
      throwIfRefused(answer)
      const charge = parseCharge(answer.body)
      if (charge?.idempotencyKey === key) return charge
      throw unreadable(answer, 'the charge under this key')
    },
    close: async () => await payments.close(),
  }
}

/** The payment methods that payments offers for an amount. */
export async function askForMethods(
  payments: PaymentsConnection,
  amountCents: number,
  signal?: AbortSignal,
): Promise<readonly PaymentMethod[]> {
  const path = `/payment-methods?amountCents=${amountCents}`
  const answer = await payments.call({ method: 'GET', path }, signal)
  throwIfRefused(answer)
  const list = parseMethods(answer.body)
  if (list?.amountCents !== amountCents)
    throw unreadable(answer, 'a list of payment methods for this amount')
  return list.methods
}
