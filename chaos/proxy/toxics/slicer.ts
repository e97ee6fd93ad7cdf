import { type Static, Type } from 'typebox'

import type { Random } from '#chaos/lib/random.ts'

import type { Timer } from '../time/timers.ts'
import { defineToxic, type Stage, type StageContext } from './lib/toxic-kind.ts'
import { wholeNumberMax } from './lib/whole-number-max.ts'

const schema = Type.Object({
  average_size: Type.Integer({
    minimum: 1,
    maximum: wholeNumberMax,
    description: 'Mean size of a slice, bytes; required.',
  }),
  size_variation: Type.Integer({
    minimum: 0,
    maximum: wholeNumberMax,
    default: 0,
    description: 'Sizes vary by up to this much, bytes; at most average_size - 1 is used.',
  }),
  delay: Type.Integer({
    minimum: 0,
    maximum: wholeNumberMax,
    default: 0,
    description: 'Pause after each slice, microseconds.',
  }),
})

type Settings = Static<typeof schema>

/** Many small writes instead of few large ones. */
export const slicer = defineToxic({
  type: 'slicer',
  description: 'Cuts the data into small pieces, with a pause between them.',
  look: 'slow',
  attributes: schema,
  stage: createSlicer,
})

function createSlicer(context: StageContext<Settings>): Stage {
  /** Chunks that wait, in order; null is the end of the stream. */
  let queue: (Buffer | null)[] = []
  let timer: Timer | null = null

  // The pause counts from when a slice has really left, so it is never shorter than requested.
  const pump = (): void => {
    timer = null
    while (queue.length > 0) {
      const head = queue.shift() ?? null
      if (head === null) return context.passEnd()
      const size = sliceBytes(context.attributes, context.random)
      if (head.length > size) {
        context.touch()
        queue.unshift(head.subarray(size))
      }
      context.pass(head.subarray(0, size))
      const { delay } = context.attributes
      if (delay > 0) {
        timer = context.timers.at(context.timers.now() + delay / 1_000, pump)
        return
      }
    }
  }
  const add = (chunk: Buffer | null): void => {
    queue.push(chunk)
    if (timer === null && queue.length === 1) pump()
  }
  return {
    chunk: add,
    end: () => add(null),
    detach: () => {
      timer?.cancel()
      const waiting = queue
      queue = []
      for (const chunk of waiting) {
        if (chunk === null) context.passEnd()
        else context.pass(chunk)
      }
    },
    destroy: () => {
      timer?.cancel()
      queue = []
    },
  }
}

function sliceBytes({ average_size, size_variation }: Settings, random: Random): number {
  const variation = Math.min(size_variation, average_size - 1)
  if (variation === 0) return average_size
  return random.integer(average_size - variation, average_size + variation)
}
