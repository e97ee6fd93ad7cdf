import { Type } from 'typebox'

import type { Timer } from '../time/timers.ts'
import { defineToxic } from './lib/toxic-kind.ts'
import { wholeNumberMax } from './lib/whole-number-max.ts'

/** Delays only the end of the stream. */
export const slowClose = defineToxic({
  type: 'slow_close',
  description: 'Delays the end of the connection (FIN).',
  look: 'slow',
  attributes: Type.Object({
    delay: Type.Integer({
      minimum: 0,
      maximum: wholeNumberMax,
      default: 0,
      description: 'Delay of the FIN, ms.',
    }),
  }),
  stage: (context) => {
    let endedMs: number | null = null
    let timer: Timer | null = null
    const schedule = (): void => {
      timer?.cancel()
      if (endedMs === null) return
      timer = context.timers.at(endedMs + context.attributes.delay, () => {
        endedMs = null
        context.passEnd()
      })
    }
    return {
      end: () => {
        context.touch()
        endedMs = context.timers.now()
        schedule()
      },
      update: schedule,
      detach: () => {
        if (endedMs !== null) context.passEnd()
      },
      destroy: () => timer?.cancel(),
    }
  },
})
