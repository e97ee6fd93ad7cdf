import { readerOf } from './extract.ts'
import { phraseFinder } from './phrases.ts'
import type { Phrase } from './phrases.ts'
import { longSentences, wordsMax } from './sentences.ts'
import { columnsMax, longLines } from './wrap.ts'

export interface Finding {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly rule: 'phrase' | 'sentence' | 'wrap'
  readonly found: string
  readonly write: string
}

/** Checks the English of one file. */
export function checker(
  phrases: readonly Phrase[],
): (file: string, text: string) => readonly Finding[] {
  const find = phraseFinder(phrases)
  return (file, text) => {
    const segments = readerOf(file, text)?.(text, file) ?? []
    const isPage = file.endsWith('.md')
    const place = places(file, text)
    return [
      ...segments.flatMap(find).map(({ offset, found, write }) => ({
        ...place(offset),
        rule: 'phrase' as const,
        found,
        write,
      })),
      ...(isPage ? segments.flatMap(longSentences) : []).map(({ offset, words, opening }) => ({
        ...place(offset),
        rule: 'sentence' as const,
        found: `${words} words: ${opening} …`,
        write: `at most ${wordsMax} words; split it`,
      })),
      ...(isPage ? longLines(text) : []).map(({ offset, columns }) => ({
        ...place(offset),
        rule: 'wrap' as const,
        found: `${columns} columns`,
        write: `wrap at ${columnsMax} columns, or put the whole paragraph on one line`,
      })),
    ].toSorted((a, b) => a.line - b.line || a.column - b.column)
  }
}

function places(file: string, text: string) {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
  return (offset: number): Pick<Finding, 'file' | 'line' | 'column'> => {
    const next = starts.findIndex((start) => start > offset)
    const line = next === -1 ? starts.length : next
    return { file, line, column: offset - (starts[line - 1] ?? 0) + 1 }
  }
}
