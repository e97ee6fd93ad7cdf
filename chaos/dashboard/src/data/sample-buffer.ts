/** A bounded list of samples in time order: the oldest go when it is full or they are too old. Memory stays flat for hours. */
export interface SampleBuffer<T> {
  push(item: T): void
  /** Items in time order whose `ms` is at least `fromMs`. */
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
      // Cut in blocks: shifting an array on every event would cost more than the event.
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
