import { expect, test, vi } from 'vitest'

import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'

import { chargeOrder } from './charge-order.ts'

const request = { orderId: 'o-1', customer: 'ann', amountCents: 900, idempotencyKey: 'charge:o-1' }
const charge: Charge = { id: 'ch_1', status: 'captured', ...request }
const noAnswer = PaymentsError.noAnswer(new Error('timeout'))
const lost = async (): Promise<never> => await Promise.reject(noAnswer)

test('captured and declined are both results', async () => {
  const findCharge = vi.fn<() => Promise<Charge | undefined>>(async () => undefined)
  expect(await chargeOrder(request, { charge: async () => charge, findCharge })).toEqual({
    status: 'captured',
    chargeId: 'ch_1',
  })
  const declined = async (): Promise<Charge> => ({ ...charge, status: 'declined' })
  expect(await chargeOrder(request, { charge: declined, findCharge })).toEqual({
    status: 'declined',
  })
  expect(findCharge).not.toHaveBeenCalled()
})

test('without a response, the books of payments decide', async () => {
  const findCharge = vi.fn<() => Promise<Charge>>(async () => charge)
  expect(await chargeOrder(request, { charge: lost, findCharge })).toMatchObject({
    status: 'captured',
  })
  expect(findCharge).toHaveBeenCalledWith('charge:o-1')
})

test('without a charge in the books, or without their response, the result is unknown', async () => {
  const nothing = async (): Promise<undefined> => undefined
  await expect(chargeOrder(request, { charge: lost, findCharge: nothing })).rejects.toBe(noAnswer)
  await expect(chargeOrder(request, { charge: lost, findCharge: lost })).rejects.toBe(noAnswer)
})

test('throws a refusal so the job is retried, and reads no books', async () => {
  const overloaded = PaymentsError.refused(503, { message: 'full' })
  const findCharge = vi.fn<() => Promise<Charge>>(async () => charge)
  const refused = async (): Promise<never> => await Promise.reject(overloaded)
  await expect(chargeOrder(request, { charge: refused, findCharge })).rejects.toBe(overloaded)
  expect(findCharge).not.toHaveBeenCalled()
})
