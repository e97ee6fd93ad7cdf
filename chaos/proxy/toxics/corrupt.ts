import { Type } from 'typebox'

import { defineToxic } from './lib/toxic-kind.ts'

/**
 * Flips single bits. The seed and a byte's position in the stream decide whether it is hit; how the stream was cut into
 * chunks does not matter.
 */
export const corrupt = defineToxic({
  type: 'corrupt',
  description: 'Flips one bit in some of the bytes.',
  look: 'changed',
  attributes: Type.Object({
    probability: Type.Number({
      minimum: 0,
      maximum: 1,
      default: 0.001,
      description: 'Share of the bytes that are hit, 0 to 1.',
    }),
  }),
  stage: (context) => {
    const gap = (): number => {
      const { probability } = context.attributes
      if (probability === 0) return Infinity
      if (probability === 1) return 0
      return Math.floor(Math.log(1 - context.random.next()) / Math.log(1 - probability))
    }
    /** Bytes that pass before the next one is hit. */
    let untilNext = gap()
    return {
      chunk: (chunk) => {
        let at = untilNext
        for (; at < chunk.length; at += 1 + gap()) {
          context.touch()
          chunk[at] = (chunk[at] as number) ^ (1 << context.random.integer(0, 7))
        }
        untilNext = at - chunk.length
        context.pass(chunk)
      },
      update: () => {
        untilNext = gap()
      },
    }
  },
})
