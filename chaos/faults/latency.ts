import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { closed, connectionShare, direction, milliseconds } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const latency = defineFault({
  kind: 'latency',
  description: 'Everything on the link arrives later, in order, plus or minus a jitter.',
  outside: "A dependency in another region, a full line, somebody's long garbage collection.",
  target: 'link',
  example: { target: 'worker-*:payments', params: { latencyMs: 200, jitterMs: 50 } },
  params: Type.Object(
    {
      latencyMs: milliseconds('Delay of every piece of data.'),
      jitterMs: Type.Optional(milliseconds('The delay varies by up to this much, both ways.')),
      direction: Type.Optional(direction('replies')),
      share: Type.Optional(connectionShare),
    },
    closed,
  ),
  inject: (order, context) =>
    injectToxics(order, context, {
      type: 'latency',
      direction: order.params.direction ?? 'replies',
      toxicity: order.params.share,
      attributes: { latency: order.params.latencyMs, jitter: order.params.jitterMs ?? 0 },
    }),
})
