import { blocksOf } from './read-markdown.ts'

export const columnsMax = 100

export interface LongLine {
  readonly offset: number
  readonly columns: number
}

/** The lines of wrapped paragraphs that are too long. A paragraph on one line can have any length. */
export function longLines(page: string): readonly LongLine[] {
  return blocksOf(page)
    .filter(({ kind, text }) => kind === 'paragraph' && text.includes('\n'))
    .flatMap(({ start, text }) => {
      let at = start
      return text.split('\n').flatMap((line) => {
        const offset = at + columnsMax
        at += line.length + 1
        // A long address cannot be wrapped.
        const isBreakable = /\S\s+\S/.test(line.trimStart().slice(0, columnsMax))
        return line.length > columnsMax && isBreakable ? [{ offset, columns: line.length }] : []
      })
    })
}
