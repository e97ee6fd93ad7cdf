import { useEffect, useState } from 'preact/hooks'

import { streamFrames } from './paced-frames.ts'
import { createRingBuffer, type RingBuffer } from './ring-buffer.ts'

/** Opens a stream, writes its messages into the buffer and calls `changed` after each. The result closes the stream. */
export type OpenStream<T> = (buffer: RingBuffer<T>, changed: () => void) => () => void

export interface StreamItems<T> {
  /** The newest messages, the oldest first. */
  readonly items: readonly T[]
  /** The number of the first item in the stream: a message keeps its number while it moves through the buffer. */
  readonly first: number
}

/**
 * The newest messages of a stream, drawn a few times per second however many arrive. `key` names the stream: another one is
 * opened when it changes.
 */
export function useStream<T>(key: string, capacity: number, open: OpenStream<T>): StreamItems<T> {
  const [shown, show] = useState<StreamItems<T>>({ items: [], first: 0 })
  useEffect(() => {
    const buffer = createRingBuffer<T>(capacity)
    const draw = (): void => show({ items: buffer.items, first: buffer.forgotten })
    draw()
    const close = open(buffer, () => streamFrames.request(draw))
    return () => {
      close()
      streamFrames.cancel(draw)
    }
  }, [key])
  return shown
}
