import type { SystemXray } from '#chaos/contracts/system/flow.ts'

import { initialState } from './initial-state.ts'
import { patienceMs, reconciledWithinMs, scaledTimers, slowRelay } from './timers.ts'

/** What an X-ray needs of the shop beyond its flows. */
export const xray: SystemXray = {
  timers: scaledTimers,
  environment: slowRelay,
  patienceMs,
  openWork: { counters: ['unfinished'], foundWithinMs: reconciledWithinMs },
  initialState,
  words: {
    subject: 'order',
    services: { api: 'API' },
    counted: 'POST /charges',
    meanings: {
      'double-effect': 'one order was charged, booked, stored or taken from stock more than once',
      untrue: 'the customer received a success response that contradicts the sources of truth',
      lost: 'the customer received a success response, but the order is missing or no process continues it',
      phantom: 'the customer received a refusal, but the order was accepted or charged',
      stuck: 'the order had not settled when the X-ray stopped waiting',
      orphan: 'an order that no process continues and whose customer has no final response',
      unserved:
        'the customer received no success response, although the shop can respond without this message',
      'ok-rejected': 'the customer received no success response, and the order has no effect',
      'ok-indeterminate':
        'the customer received no success response; the stored order is consistent and has its effect at most once',
      'not-fired': 'the order did not send the message, so there is no result',
    },
    resultClause: (result, global) => {
      switch (result) {
        case 'lost':
          return global.startsWith('no order')
            ? 'the order was confirmed and does not exist'
            : 'the order was confirmed and is never processed'
        case 'orphan':
          return 'the order stays open, and no process continues it'
        case 'stuck':
          return 'the order did not settle'
        case 'phantom':
          return 'the order was refused, but it was accepted or charged'
        default:
          return undefined
      }
    },
  },
}
