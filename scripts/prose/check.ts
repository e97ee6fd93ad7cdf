import { readFileSync } from 'node:fs'

import { parse } from 'yaml'

import { columnsMax, longLines } from './long-lines.ts'
import { phraseFinder } from './phrases.ts'
import type { Phrase } from './phrases.ts'
import { readerOf } from './reader.ts'
import type { Segment } from './segment.ts'
import { longSentences, wordsMax } from './sentences.ts'
import { spellChecker } from './spelling.ts'

/** A place in a file, what was found there, and what to write instead. */
export interface ProseFinding {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly rule: 'phrase' | 'sentence' | 'spelling' | 'wrap'
  readonly found: string
  readonly write: string
}

type Found = Pick<ProseFinding, 'rule' | 'found' | 'write'> & { readonly offset: number }

export const phrases = parse(read('phrases.yaml')) as readonly Phrase[]

/** Returns a function that checks the English of one file. It finds nothing in a file without text, such as an image. */
export function createProseCheck(): (file: string, text: string) => readonly ProseFinding[] {
  const findPhrases = phraseFinder(phrases)
  const findMisspellings = spellChecker(read('words.txt'))
  return (file, text) => {
    const segments = readerOf(file, text)?.(text, file) ?? []
    const isPage = file.endsWith('.md')
    const found: readonly Found[] = [
      ...segments.flatMap(findPhrases).map((hit) => ({ rule: 'phrase' as const, ...hit })),
      ...segments
        .filter((segment) => isSpelled(segment, file))
        .flatMap(findMisspellings)
        .map(({ suggestions, ...misspelling }) => ({
          rule: 'spelling' as const,
          ...misspelling,
          write: `${suggestions.join(' or ')}; or add it to scripts/prose/words.txt`,
        })),
      ...(isPage ? segments.flatMap(longSentences) : []).map(({ offset, words, opening }) => ({
        rule: 'sentence' as const,
        offset,
        found: `${opening} … (${words} words)`,
        write: `at most ${wordsMax} words: split the sentence`,
      })),
      ...(isPage ? longLines(text) : []).map(({ offset, columns }) => ({
        rule: 'wrap' as const,
        offset,
        found: `${columns} columns`,
        write: `wrap at ${columnsMax} columns, or put the whole paragraph on one line`,
      })),
    ]
    const place = placer(text)
    return found
      .map(({ offset, ...rest }) => ({ file, ...place(offset), ...rest }))
      .toSorted((a, b) => a.line - b.line || a.column - b.column)
  }
}

/** Not checked: strings of tests, which misspell names on purpose, and fences, which show output. */
function isSpelled({ kind }: Segment, file: string): boolean {
  return kind !== 'code' && !(kind === 'string' && /\.test\.tsx?$/.test(file))
}

/** Converts an offset to a line and a column. Both start at 1. */
function placer(text: string): (offset: number) => Pick<ProseFinding, 'line' | 'column'> {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
  return (offset) => {
    const line = starts.findLastIndex((start) => start <= offset)
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 }
  }
}

function read(file: string): string {
  return readFileSync(new URL(file, import.meta.url), 'utf8')
}
