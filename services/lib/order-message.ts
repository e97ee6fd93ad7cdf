/**
 * What the API tells the worker about an order, as JSON. `version` is the least that a reader has to understand: a field
 * that older readers may ignore does not raise it.
 */
export interface OrderMessage {
  readonly version: number
  readonly orderId: string
  readonly [field: string]: unknown
}

export const orderQueueName = 'orders'
export const orderJobName = 'charge'
