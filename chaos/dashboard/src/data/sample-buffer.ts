/** Samples in time order. It drops the oldest when it is full and those that are too old, so its memory stays bounded. */
export interface SampleBuffer<T> {
  push(item: T): void
  /** The items whose `ms` is at least `fromMs`, in time order. */
  since(fromMs: number): T[]
  readonly size: number
}

export function createSampleBuffer<T extends { readonly ms: number }>(
  capacity: number,
  keepMs: number,
): SampleBuffer<T> {
  let items: T[] = []
  return {
    push: (item) => {
      items.push(item)
      // Drops samples in blocks: one shift of the array per event costs more than the event itself.
      if (items.length > capacity * 1.25) items = items.slice(-capacity)
      if (item.ms - (items[0]?.ms ?? item.ms) > keepMs * 1.25)
        items = items.filter(({ ms }) => item.ms - ms <= keepMs)
    },
    since: (fromMs) => {
      let low = 0
      let high = items.length
      while (low < high) {
        const middle = (low + high) >> 1
        if ((items[middle]?.ms ?? 0) < fromMs) low = middle + 1
        else high = middle
      }
      return items.slice(low)
    },
    get size() {
      return items.length
    },
  }
}
