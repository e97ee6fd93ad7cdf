import { expect, test } from 'vitest'

import { defineFault } from '../lib/define-fault.ts'
import { faultParameters, millisecondsParameter } from '../lib/parameters.ts'
import { injectToxics, type ToxicPlan } from '../lib/toxics.ts'
import { createWorld, requestOf } from './describe-fault.ts'

/** Injects a fault with this plan and these parameters into the fake data plane. */
async function inject(plan: ToxicPlan, params: object): Promise<unknown> {
  const fault = defineFault({
    kind: 'wrong',
    description: 'A fault for this test.',
    outside: 'Nowhere.',
    target: 'link',
    example: { target: 'api-1:redis', params: { latencyMs: 1 } },
    params: faultParameters({ latencyMs: millisecondsParameter('Delay.') }),
    inject: (request, context) => injectToxics(request, context, { ...plan, params }),
  })
  const request = requestOf({ params: { latencyMs: 1 }, targets: ['api-1:redis'] })
  return await fault.inject(request, createWorld().context)
}

test('a fault that names an attribute of its toxic is accepted', async () => {
  const plan = { type: 'latency', direction: 'both' } as const
  await expect(inject(plan, { latencyMs: 5 })).resolves.toBeDefined()
})

test.each([
  ['a misspelled attribute', 'latency', { latancy: 5 }, /latancy/],
  ['an attribute of another toxic', 'corrupt', { latencyMs: 5 }, /latency/],
  ['a toxic that does not exist', 'latencies', { latencyMs: 5 }, /invalid toxic type/],
  ['a value that the toxic refuses', 'corrupt', { probability: 2 }, /probability.*2/],
  ['a value of the wrong type', 'latency', { latencyMs: 1.5 }, /latency/],
])('%s fails the test of its fault', async (_, type, params, message) => {
  await expect(inject({ type, direction: 'both' }, params)).rejects.toThrow(message)
})
