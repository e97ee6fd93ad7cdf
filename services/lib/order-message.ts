/**
 * The message from the API to the worker about an order, as JSON. `version` is the minimum that a
 * reader must support: a field that older readers may ignore does not raise it.
 */
export interface OrderMessage {
  readonly version: number
  readonly orderId: string
  readonly [field: string]: unknown
}

export const orderQueueName = 'orders'
export const orderJobName = 'charge'
