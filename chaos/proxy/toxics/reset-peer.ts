import { Type } from 'typebox'

import type { Timer } from '../time/timers.ts'
import { defineToxic } from './lib/toxic-kind.ts'
import { wholeNumberMax } from './lib/whole-number-max.ts'

/** A real RST to both sides. The time counts from when the toxic arrived on the connection, even if nothing is sent. */
export const resetPeer = defineToxic({
  type: 'reset_peer',
  description: 'Resets the connection (RST to both sides); until then its data is dropped.',
  look: 'cut',
  label: () => 'reset',
  attributes: Type.Object({
    timeout: Type.Integer({
      minimum: 0,
      maximum: wholeNumberMax,
      default: 0,
      description: 'Time until the reset, ms.',
    }),
  }),
  stage: (context) => {
    const start = context.timers.now()
    let timer: Timer | null = null
    const schedule = (): void => {
      timer?.cancel()
      timer = context.timers.at(start + context.attributes.timeout, () => {
        context.touch()
        context.reset()
      })
    }
    schedule()
    return {
      chunk: (chunk) => {
        context.touch()
        context.drop(chunk.length)
      },
      end: () => {},
      update: schedule,
      detach: () => {
        context.touch()
        context.close()
      },
      destroy: () => timer?.cancel(),
    }
  },
})
