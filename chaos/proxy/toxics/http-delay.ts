import { Type } from 'typebox'

import { hitRequests } from '../traps/standing-trap.ts'
import { requestChoice } from './lib/request-choice.ts'
import { defineToxic } from './lib/toxic-kind.ts'

/** Requests reach the callee later; those behind them on the same connection wait with them. */
export const httpDelay = defineToxic({
  type: 'http_delay',
  description: 'Holds HTTP requests back for a while.',
  attributes: Type.Object({
    ...requestChoice,
    delay: Type.Integer({ minimum: 0, default: 1_000, description: 'Delay of a request, ms.' }),
    jitter: Type.Integer({
      minimum: 0,
      default: 0,
      description: 'How far a delay may differ, ms.',
    }),
  }),
  inspector: (connection, context) =>
    hitRequests(connection, context, () => {
      const { delay, jitter } = context.attributes
      const delayMs = delay + (2 * context.random.next() - 1) * jitter
      return { do: 'delay', delayMs: Math.max(0, delayMs) }
    }),
})
