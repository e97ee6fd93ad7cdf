import { gap } from './segment.ts'
import type { Segment } from './segment.ts'

/** Limit for the words of a sentence. The aim is about 20. */
export const wordsMax = 35

export interface LongSentence {
  readonly offset: number
  readonly words: number
  readonly opening: string
}

const word = new RegExp(`[\\p{L}\\p{N}${gap}][\\p{L}\\p{N}${gap}'’./_-]*`, 'gu')
/** The space between two sentences. A sentence can start with a lower-case name of a program. */
const end = /(?<!\b(?:e\.g|i\.e|etc|vs|cf|approx)\.)(?<=[.!?]['")]*)\s+/gu

/** The sentences of a paragraph that are too long. */
export function longSentences({ start, text, kind }: Segment): readonly LongSentence[] {
  if (!['paragraph', 'story', 'cell'].includes(kind)) return []
  let at = 0
  const ends = [...text.matchAll(end)].map((match) => match.index + match[0].length)
  return [...ends, text.length].flatMap((to) => {
    const sentence = text.slice(at, to)
    const words = [...sentence.matchAll(word)]
    const first = at + (words[0]?.index ?? 0)
    at = to
    if (words.length <= wordsMax) return []
    const opening = words.slice(0, 6).map(([one]) => one.replaceAll(gap, '') || '…')
    return [{ offset: start + first, words: words.length, opening: opening.join(' ') }]
  })
}
