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
