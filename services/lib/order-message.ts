import { createParser } from './parsing/parser.ts'

/**
 * The message from the API to the worker about an order, as JSON. `version` is the minimum that a
 * reader must support: a field that older readers may ignore does not raise it.
 */
export interface OrderMessage {
  readonly version: number
  readonly orderId: string
  readonly [field: string]: unknown
}

/** A message as it arrives, from any version of the API. `read-order-message` reads the rest. */
export interface ReceivedMessage {
  readonly orderId: string
  readonly [field: string]: unknown
}

/** Undefined for whatever names no order. */
export const parseMessage = createParser<ReceivedMessage>({
  type: 'object',
  required: ['orderId'],
  properties: { orderId: { type: 'string', minLength: 1 } },
})

export const orderQueueName = 'orders'
export const orderJobName = 'charge'
