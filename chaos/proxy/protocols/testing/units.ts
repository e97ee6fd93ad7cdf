import * as fc from 'fast-check'

import { type Framer, ProtocolError } from '../framer.ts'

/** Cuts the stream at the given places and returns where in the whole stream the framer finds the ends of units. */
export function unitEnds(framer: Framer, stream: Buffer, cuts: readonly number[]): number[] {
  const ends: number[] = []
  let passed = 0
  for (const chunk of cut(stream, cuts)) {
    let at = 0
    while (at < chunk.length) {
      const end = framer.scan(chunk, at)
      if (end <= at) throw new Error(`the framer makes no progress at ${passed + at}`)
      if (end > chunk.length) throw new Error(`the framer read beyond its chunk at ${passed + at}`)
      at = end
      if (framer.ended) ends.push(passed + at)
    }
    passed += chunk.length
  }
  return ends
}

/** Pieces of the stream; places beyond its end and duplicates are ignored. */
export function cut(stream: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.filter((at) => at > 0 && at < stream.length))].toSorted(
    (a, b) => a - b,
  )
  return [0, ...places].map((from, i) => stream.subarray(from, places[i] ?? stream.length))
}

/** Places to cut a stream at: few, many, or every byte. */
export const anyCuts = fc.oneof(
  fc.array(fc.nat(400), { maxLength: 6 }),
  fc.array(fc.nat(4_000), { maxLength: 40 }),
  fc.constant(Array.from({ length: 5_000 }, (_, i) => i)),
)

/** Running sums of the lengths: the ends of the units in the joined stream. */
export function endsOf(units: readonly Buffer[]): number[] {
  let end = 0
  return units.map((unit) => (end += unit.length))
}

/** Garbage may pass as the beginning of a message, or be refused; any other outcome throws. */
export function passOrRefuse(framer: Framer, garbage: Buffer, cuts: readonly number[]): string {
  try {
    unitEnds(framer, garbage, cuts)
    return 'passed'
  } catch (error) {
    if (error instanceof ProtocolError) return 'refused'
    throw error
  }
}
