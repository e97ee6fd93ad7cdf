import { orderQueueName } from '../order-message.ts'
import type { SpanStart } from './telemetry.ts'

const systems = {
  'write outbox': { kind: 'producer', system: 'postgresql', type: 'create' },
  'send orders': { kind: 'producer', system: 'bullmq', type: 'send' },
  'process orders': { kind: 'consumer', system: 'bullmq', type: 'process' },
} as const

/** The span of one step of the message about an order. */
export function messageSpan(
  name: keyof typeof systems,
  orderId: string,
  more: Pick<SpanStart, 'parent' | 'delivery' | 'repeats'> = {},
): SpanStart {
  const { kind, system, type } = systems[name]
  return {
    name,
    kind,
    attributes: {
      'messaging.system': system,
      'messaging.destination.name': name === 'write outbox' ? 'outbox' : orderQueueName,
      'messaging.operation.type': type,
      'messaging.operation.name': name.split(' ')[0] ?? name,
      'messaging.message.id': orderId,
      'shop.order.id': orderId,
      ...(more.delivery === undefined ? {} : { 'shop.delivery': more.delivery }),
    },
    ...more,
  }
}
