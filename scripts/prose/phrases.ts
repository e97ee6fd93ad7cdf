import { gap } from './segment.ts'
import type { Segment } from './segment.ts'

/** One entry of `phrases.yaml`, which explains its fields. */
export interface Phrase {
  readonly find: string
  readonly write: string
  readonly example: string
  readonly fine?: string
  readonly allow?: readonly string[]
  readonly story?: true
}

export interface Hit {
  readonly offset: number
  readonly found: string
  readonly write: string
}

/** Finds every phrase in a segment. If one phrase contains another, only the longer one is a hit. */
export function phraseFinder(phrases: readonly Phrase[]): (segment: Segment) => readonly Hit[] {
  const finders = phrases.map(finderOf)
  return (segment) => {
    const hits = finders.flatMap((find) => find(segment))
    return hits
      .filter((hit) => !hits.some((other) => other.length > hit.length && contains(other, hit)))
      .map(({ offset, length, write }) => {
        const at = offset - segment.start
        return { offset, found: shown(segment.text.slice(at, at + length)), write }
      })
  }
}

interface Range {
  readonly offset: number
  readonly length: number
}

function finderOf({ find, write, allow = [], story }: Phrase) {
  const [pattern, ...allowed] = [find, ...allow].map(compile)
  // Most segments contain no phrase. A test is cheaper than `matchAll`, which copies its pattern on each call.
  const quick = new RegExp(pattern?.source ?? '', 'iu')
  return ({ start, text, kind }: Segment): readonly (Range & { readonly write: string })[] => {
    if ((story === true && kind === 'story') || !quick.test(text)) return []
    const right = allowed.flatMap((one) => rangesOf(one, text))
    return (pattern === undefined ? [] : rangesOf(pattern, text))
      .filter((range) => !right.some((one) => contains(one, range)))
      .map(({ offset, length }) => ({ offset: start + offset, length, write }))
  }
}

function rangesOf(pattern: RegExp, text: string): readonly Range[] {
  return [...text.matchAll(pattern)].map(({ index, 0: found }) => ({
    offset: index,
    length: found.length,
  }))
}

/** Matches whole words only, and no options such as `--quiet`. */
function compile(pattern: string): RegExp {
  const readable = pattern
    .replaceAll('WORD', String.raw`[\p{L}\p{N}\uFFFC][\p{L}\p{N}\uFFFC'’-]*`)
    .replaceAll(' ', String.raw`\s+`)
  return new RegExp(String.raw`(?<![\w-])(?:${readable})(?![\w-])`, 'giu')
}

function contains(outer: Range, inner: Range): boolean {
  return outer.offset <= inner.offset && outer.offset + outer.length >= inner.offset + inner.length
}

/** The text on one line, with `…` for a value. */
function shown(text: string): string {
  return text
    .replaceAll(new RegExp(`${gap}+`, 'g'), '…')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
