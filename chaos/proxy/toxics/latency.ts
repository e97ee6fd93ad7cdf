import { type Static, Type } from 'typebox'

import type { Random } from '#chaos/lib/random.ts'

import { DelayLine } from '../time/delay-line.ts'
import { defineToxic } from './lib/toxic-kind.ts'
import { wholeNumberMax } from './lib/whole-number-max.ts'

const attributes = Type.Object({
  latency: Type.Integer({
    minimum: 0,
    maximum: wholeNumberMax,
    default: 0,
    description: 'Delay of every chunk, ms.',
  }),
  jitter: Type.Integer({
    minimum: 0,
    maximum: wholeNumberMax,
    default: 0,
    description: 'The delay varies by up to this much, ms.',
  }),
  distribution: Type.Union([Type.Literal('uniform'), Type.Literal('normal')], {
    default: 'uniform',
    description:
      'uniform: between latency - jitter and latency + jitter. normal: jitter is the standard deviation.',
  }),
  delay_connect: Type.Boolean({
    default: false,
    description: 'Connecting to the upstream is delayed as well.',
  }),
  delay_close: Type.Boolean({
    default: false,
    description: 'The end of the stream (FIN) is delayed as well.',
  }),
})

/** Each chunk needs memory in addition to its bytes. */
const chunksMax = 50_000

/** Every chunk arrives later, never early and never reordered. The delays of several latency toxics add up. */
export const latency = defineToxic({
  type: 'latency',
  description: 'Delays every chunk by latency, plus or minus jitter.',
  look: 'slow',
  label: ({ latency }) => `+${latency} ms`,
  attributes,
  connectDelayMs: (attributes, random) =>
    attributes.delay_connect ? delayMs(attributes, random) : 0,
  stage: (context) => {
    const line = new DelayLine(context.timers, context)
    let delayOfLastMs = 0
    const dueMs = (): number => {
      delayOfLastMs = delayMs(context.attributes, context.random)
      return Math.max(line.lastDueMs, context.timers.now() + delayOfLastMs)
    }
    return {
      limitBytes: 16 * 1024 * 1024,
      isFull: () => line.length >= chunksMax,
      chunk: (chunk) => {
        context.touch()
        line.add(chunk, dueMs())
      },
      end: () => {
        // Without delay_close the end waits only for the data before it.
        line.add(null, context.attributes.delay_close ? dueMs() : line.lastDueMs)
      },
      update: () => {
        const before = delayOfLastMs
        delayOfLastMs = context.attributes.latency
        line.reschedule((due) => due - before + delayOfLastMs)
      },
      detach: () => line.flush(),
      destroy: () => line.destroy(),
    }
  },
})

function delayMs(
  { latency, jitter, distribution }: Static<typeof attributes>,
  random: Random,
): number {
  if (jitter === 0) return latency
  const spread = distribution === 'normal' ? standardNormal(random) : random.next() * 2 - 1
  return Math.max(0, latency + spread * jitter)
}

/** Box and Muller (1958). */
function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}
