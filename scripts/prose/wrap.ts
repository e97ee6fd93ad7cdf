import { blocksOf } from './read-markdown.ts'

export const columnsMax = 100

export interface LongLine {
  readonly offset: number
  readonly columns: number
}

/** Lines above the limit in a paragraph that is wrapped. One line for a whole paragraph is fine. */
export function longLines(page: string): readonly LongLine[] {
  return blocksOf(page)
    .filter(({ kind, text }) => kind === 'paragraph' && text.includes('\n'))
    .flatMap(({ start, text }) => {
      let at = start
      return text.split('\n').flatMap((line) => {
        const offset = at + columnsMax
        at += line.length + 1
        // An address that is too long for a line has no place to break.
        const isBreakable = /\S\s+\S/.test(line.trimStart().slice(0, columnsMax))
        return line.length > columnsMax && isBreakable ? [{ offset, columns: line.length }] : []
      })
    })
}
