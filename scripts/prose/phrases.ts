import { readFileSync } from 'node:fs'

import { parse } from 'yaml'

import type { Segment } from './segment.ts'

/** One entry of `phrases.yaml`. */
export interface Phrase {
  /** A regular expression; a space is any white space, WORD any word or value. */
  readonly find: string
  readonly write: string
  /** A sentence that must be found. */
  readonly example: string
  /** A sentence that must not. */
  readonly fine?: string
  /** Regular expressions: where the phrase lies in one of these, it is right. */
  readonly allow?: readonly string[]
  /** Whether the Story of a lab may say it. */
  readonly story?: true
}

export interface Hit {
  readonly offset: number
  readonly found: string
  readonly write: string
}

export function readPhrases(file: URL): readonly Phrase[] {
  return parse(readFileSync(file, 'utf8')) as readonly Phrase[]
}

/** Finds every phrase in a segment. */
export function phraseFinder(phrases: readonly Phrase[]): (segment: Segment) => readonly Hit[] {
  const compiled = phrases.map((phrase) => ({
    ...phrase,
    pattern: compile(phrase.find),
    allowed: (phrase.allow ?? []).map(compile),
  }))
  const hits = ({ start, text, kind }: Segment): readonly Hit[] =>
    compiled.flatMap(({ pattern, allowed, write, story }) => {
      if (story === true && kind === 'story') return []
      return [...text.matchAll(pattern)]
        .filter(({ index, 0: found }) => !allowed.some((one) => covers(one, text, index, found)))
        .map(({ index, 0: found }) => ({
          offset: start + index,
          found: found.replaceAll(/\s+/g, ' '),
          write,
        }))
    })
  return (segment) => longest(hits(segment))
}

/** Without those that lie inside of a longer one. */
function longest(hits: readonly Hit[]): readonly Hit[] {
  const contains = (outer: Hit, inner: Hit): boolean =>
    outer.found.length > inner.found.length &&
    outer.offset <= inner.offset &&
    outer.offset + outer.found.length >= inner.offset + inner.found.length
  return hits.filter((hit) => !hits.some((other) => contains(other, hit)))
}

/** Whole words only; `--quiet` is an option, not a word. */
function compile(pattern: string): RegExp {
  const flexible = pattern
    .replaceAll('WORD', String.raw`[\p{L}\p{N}\uFFFC][\p{L}\p{N}\uFFFC'’-]*`)
    .replaceAll(' ', String.raw`\s+`)
  return new RegExp(String.raw`(?<![\p{L}\p{N}_-])(?:${flexible})(?![\p{L}\p{N}_-])`, 'giu')
}

function covers(allowed: RegExp, text: string, index: number, found: string): boolean {
  return [...text.matchAll(allowed)].some(
    (match) => match.index <= index && match.index + match[0].length >= index + found.length,
  )
}
