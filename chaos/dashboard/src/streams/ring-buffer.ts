/** The newest items, in the order in which they came. A full buffer forgets its oldest item, so its memory is bounded. */
export interface RingBuffer<T> {
  push(item: T): void
  /** Changes the newest item that `matches`, if it is still here. */
  replace(matches: (item: T) => boolean, change: (item: T) => T): void
  clear(): void
  /** The items, the oldest first. The same array until the next change. */
  readonly items: readonly T[]
  /** How many items it has forgotten since it was last empty: the number of the first item. */
  readonly forgotten: number
}

export function createRingBuffer<T>(capacity: number): RingBuffer<T> {
  let slots: T[] = []
  /** The slot of the oldest item of a full buffer. */
  let first = 0
  let forgotten = 0
  let read: readonly T[] | undefined
  return {
    push: (item) => {
      read = undefined
      if (slots.length < capacity) {
        slots.push(item)
        return
      }
      slots[first] = item
      first = (first + 1) % capacity
      forgotten += 1
    },
    replace: (matches, change) => {
      for (let age = 1; age <= slots.length; age++) {
        const i = (first + slots.length - age) % slots.length
        const item = slots[i] as T
        if (!matches(item)) continue
        slots[i] = change(item)
        read = undefined
        return
      }
    },
    clear: () => {
      slots = []
      first = 0
      forgotten = 0
      read = undefined
    },
    get items() {
      read ??= [...slots.slice(first), ...slots.slice(0, first)]
      return read
    },
    get forgotten() {
      return forgotten
    },
  }
}
