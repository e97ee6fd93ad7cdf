import { Type } from 'typebox'

import type { Timer } from '../time/timers.ts'
import { defineToxic, type Stage, type StageContext } from './lib/toxic-kind.ts'
import { wholeNumberMax } from './lib/whole-number-max.ts'

/** Bytes leave in slices that take this long, so that a slow link sends small pieces steadily. */
const sliceMs = 10
const sliceBytesMin = 256

/** A chunk arrives when its last byte would have left a line of that rate. */
export const bandwidth = defineToxic({
  type: 'bandwidth',
  description: 'Limits each connection to a rate.',
  look: 'slow',
  label: ({ rate }) => `${rate} kB/s`,
  attributes: Type.Object({
    rate: Type.Integer({
      minimum: 0,
      maximum: wholeNumberMax,
      default: 0,
      description: 'KB/s, where 1 KB is 1000 bytes; 0: nothing passes.',
    }),
  }),
  stage: createLine,
})

function createLine(context: StageContext<{ rate: number }>): Stage {
  /** Chunks that wait, in order; null is the end of the stream. */
  let queue: (Buffer | null)[] = []
  /** When the last slice was due: the next one starts then, so that late timers do not add up. */
  let freeMs = 0
  let timer: Timer | null = null

  const pump = (): void => {
    timer = null
    for (let head = queue[0]; head !== undefined; head = queue[0]) {
      // Bytes per millisecond are KB per second.
      const { rate } = context.attributes
      if (head !== null && rate === 0) return
      const slice = head?.subarray(0, Math.max(sliceBytesMin, rate * sliceMs)) ?? null
      const dueMs = slice === null ? freeMs : freeMs + slice.length / rate
      if (dueMs > context.timers.now()) {
        timer = context.timers.at(dueMs, pump)
        return
      }
      freeMs = dueMs
      take(slice)
    }
  }
  const take = (slice: Buffer | null): void => {
    const head = queue[0]
    if (slice === null || slice.length === head?.length) queue.shift()
    else queue[0] = head?.subarray(slice.length) ?? null
    if (slice === null) context.passEnd()
    else context.pass(slice)
  }
  const add = (chunk: Buffer | null): void => {
    if (queue.length === 0) freeMs = Math.max(freeMs, context.timers.now())
    queue.push(chunk)
    if (queue.length === 1) pump()
  }
  return {
    chunk: (chunk) => {
      context.touch()
      add(chunk)
    },
    end: () => add(null),
    update: () => {
      timer?.cancel()
      freeMs = Math.max(freeMs, context.timers.now())
      pump()
    },
    detach: () => {
      timer?.cancel()
      const waiting = queue
      queue = []
      for (const chunk of waiting) {
        if (chunk === null) context.passEnd()
        else context.pass(chunk)
      }
    },
    destroy: () => timer?.cancel(),
  }
}
