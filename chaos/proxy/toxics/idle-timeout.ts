import { Type } from 'typebox'

import type { Inspector, Stream } from '../plane/inspector.ts'
import type { Timer } from '../time/timers.ts'
import { defineToxic } from './lib/toxic-kind.ts'
import { wholeNumberMax } from './lib/whole-number-max.ts'

/** A middlebox: traffic in either direction restarts the time of the connection. */
export const idleTimeout = defineToxic({
  type: 'idle_timeout',
  description: 'Ends connections that carry nothing for a while, as a middlebox does.',
  look: 'cut',
  label: ({ timeout }) => `idle ${timeout} ms`,
  attributes: Type.Object({
    timeout: Type.Integer({
      minimum: 1,
      maximum: wholeNumberMax,
      default: 1_000,
      description: 'Time without data in either direction, ms.',
    }),
    how: Type.Union([Type.Literal('fin'), Type.Literal('rst'), Type.Literal('silent')], {
      default: 'fin',
      description:
        'fin, rst: what both sides receive. silent: neither side receives anything; a side that sends later receives RST.',
    }),
    notice: Type.Integer({
      minimum: 0,
      maximum: wholeNumberMax,
      default: 0,
      description:
        'Time until both sides receive the FIN or RST, ms. What they send meanwhile is lost and is answered with RST.',
    }),
  }),
  inspector: (connection, context) => {
    let timer: Timer | undefined
    let state: 'open' | 'closing' | 'over' = 'open'
    let sentMeanwhile = false
    const startAgain = (delayMs: number, run: () => void): void => {
      timer?.cancel()
      timer = context.timers.at(context.timers.now() + delayMs, run)
    }
    const restart = (): void => startAgain(context.attributes.timeout, expire)
    const expire = (): void => {
      context.touch()
      const { how, notice } = context.attributes
      if (how === 'silent') {
        state = 'over'
        context.forget()
      } else {
        state = 'closing'
        if (notice === 0) finish()
        else startAgain(notice, finish)
      }
    }
    const finish = (): void => {
      if (state !== 'closing') return
      state = 'over'
      if (sentMeanwhile || context.attributes.how === 'rst') context.reset()
      else context.close()
    }
    const carry = (stream: Stream) => (chunk: Buffer) => {
      if (state === 'open') {
        restart()
        connection.forward(stream, chunk)
        return
      }
      sentMeanwhile = true
      connection.drop(stream, chunk.length)
    }
    restart()
    return {
      upstream: carry('upstream'),
      downstream: carry('downstream'),
      ended: (stream) => {
        // The end of a connection that is already closed here is lost.
        if (state === 'open') connection.end(stream)
      },
      leave: () => {
        timer?.cancel()
        if (state === 'closing') finish()
        else connection.left()
      },
      closed: () => timer?.cancel(),
    } satisfies Inspector
  },
})
