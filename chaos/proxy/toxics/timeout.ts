import { Type } from 'typebox'

import type { Timer } from '../time/timers.ts'
import { defineToxic } from './lib/toxic-kind.ts'
import { wholeNumberMax } from './lib/whole-number-max.ts'

/** A black hole. Data that came while the toxic was there is lost, so removing it closes the connection, as in Toxiproxy. */
export const timeout = defineToxic({
  type: 'timeout',
  description: 'Drops all data, and closes a connection that receives no data for a while.',
  look: 'silent',
  label: () => 'silent',
  attributes: Type.Object({
    timeout: Type.Integer({
      minimum: 0,
      maximum: wholeNumberMax,
      default: 0,
      description: 'Time without data until the close, ms; 0: it never closes.',
    }),
  }),
  stage: (context) => {
    let timer: Timer | null = null
    const restart = (): void => {
      timer?.cancel()
      const { timeout } = context.attributes
      if (timeout > 0) timer = context.timers.at(context.timers.now() + timeout, expire)
    }
    const expire = (): void => {
      context.touch()
      context.close()
    }
    restart()
    return {
      chunk: (chunk) => {
        context.touch()
        context.drop(chunk.length)
        restart()
      },
      update: restart,
      detach: () => {
        context.touch()
        context.close()
      },
      destroy: () => timer?.cancel(),
    }
  },
})
