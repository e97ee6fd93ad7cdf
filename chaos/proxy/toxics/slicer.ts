import { Type, type Static } from 'typebox'

import type { Random } from '../../lib/random.ts'
import { DelayLine } from '../delay-line.ts'
import { defineToxic } from '../toxic-kind.ts'

const schema = Type.Object({
  average_size: Type.Integer({
    minimum: 1,
    default: 0,
    description: 'Bytes of a slice, on average.',
  }),
  size_variation: Type.Integer({
    minimum: 0,
    default: 0,
    description: 'How far a slice may differ, bytes; at most average_size - 1 is used.',
  }),
  delay: Type.Integer({
    minimum: 0,
    default: 0,
    description: 'Pause after each slice, microseconds.',
  }),
})

/** Many small writes instead of few large ones. */
export const slicer = defineToxic({
  type: 'slicer',
  description: 'Slices the data into small pieces, with a pause between them.',
  attributes: schema,
  stage: (context) => {
    const line = new DelayLine(context.timers, context)
    /** When the next slice may leave. */
    let freeMs = 0
    return {
      chunk: (chunk) => {
        for (let rest = chunk; rest.length > 0;) {
          const size = sliceBytes(context.attributes, context.random)
          const slice = rest.subarray(0, size)
          rest = rest.subarray(size)
          if (rest.length > 0) context.touch()
          freeMs = Math.max(freeMs, context.timers.now())
          line.add(slice, freeMs)
          freeMs += context.attributes.delay / 1000
        }
      },
      end: () => line.add(null, line.lastDueMs),
      detach: () => line.flush(),
      destroy: () => line.destroy(),
    }
  },
})

function sliceBytes(attributes: Static<typeof schema>, random: Random): number {
  const average = attributes.average_size
  const variation = Math.min(attributes.size_variation, average - 1)
  return variation === 0 ? average : random.integer(average - variation, average + variation)
}
