import { expect, test, vi } from 'vitest'

import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'

import { chargeOrder } from './charge-order.ts'

const request = { orderId: 'o-1', customer: 'ann', amountCents: 900, idempotencyKey: 'charge:o-1' }
const charge: Charge = { id: 'ch_1', status: 'captured', ...request }
const noAnswer = PaymentsError.noAnswer(new Error('timeout'))
const lost = async (): Promise<never> => await Promise.reject(noAnswer)

test('yes and no are both answers', async () => {
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

test('without an answer, the books of payments decide', async () => {
  const findCharge = vi.fn<() => Promise<Charge>>(async () => charge)
  expect(await chargeOrder(request, { charge: lost, findCharge })).toMatchObject({
    status: 'captured',
  })
  expect(findCharge).toHaveBeenCalledWith('charge:o-1')
})

test('if the books have nothing yet, or do not answer either, nobody knows', async () => {
  const nothing = async (): Promise<undefined> => undefined
  await expect(chargeOrder(request, { charge: lost, findCharge: nothing })).rejects.toBe(noAnswer)
  await expect(chargeOrder(request, { charge: lost, findCharge: lost })).rejects.toBe(noAnswer)
})

test('a refusal is tried again, and nothing is read', async () => {
  const overloaded = PaymentsError.refused(503, { message: 'full' })
  const findCharge = vi.fn<() => Promise<Charge>>(async () => charge)
  const refused = async (): Promise<never> => await Promise.reject(overloaded)
  await expect(chargeOrder(request, { charge: refused, findCharge })).rejects.toBe(overloaded)
  expect(findCharge).not.toHaveBeenCalled()
})
