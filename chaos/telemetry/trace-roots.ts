import type { SentSpan } from './span-sender.ts'
import type { TraceIds } from './trace-ids.ts'

/** The first span of the trace of each key. */
export interface TraceRoots {
  /** Puts the span below the first one of the trace: now, or when that one is known. */
  place(key: string, span: SentSpan): readonly SentSpan[]
  /** Returns the spans that waited for it. */
  add(key: string, spanId: string): readonly SentSpan[]
}

export function createTraceRoots(ids: TraceIds, keysMax = 10_000): TraceRoots {
  const roots = new Map<string, string>()
  const waiting = new Map<string, SentSpan[]>()
  const below = (key: string, parentSpanId: string, span: SentSpan): SentSpan => ({
    ...span,
    place: { traceId: ids.traceId(key), parentSpanId },
  })
  return {
    place(key, span) {
      const root = roots.get(key)
      if (root !== undefined) return [below(key, root, span)]
      waiting.set(key, [...(waiting.get(key) ?? []), span])
      forgetOldest(waiting, keysMax)
      return []
    },
    add(key, spanId) {
      if (!roots.has(key)) roots.set(key, spanId)
      forgetOldest(roots, keysMax)
      const spans = waiting.get(key) ?? []
      waiting.delete(key)
      return spans.map((span) => below(key, spanId, span))
    },
  }
}

function forgetOldest(map: Map<string, unknown>, max: number): void {
  for (const key of map.keys()) {
    if (map.size <= max) return
    map.delete(key)
  }
}
