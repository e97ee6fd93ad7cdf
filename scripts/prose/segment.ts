/** A stretch of text that a reader sees: one paragraph, one comment, one string. */
export interface Segment {
  /** Offset in the file. */
  readonly start: number
  /** As long as in the file. What is not English is masked: {@link gap} for a value or a name, spaces for punctuation of the language. */
  readonly text: string
  readonly kind: 'paragraph' | 'story' | 'title' | 'cell' | 'code' | 'comment' | 'string'
}

/** Stands for a value or a name in the middle of a sentence: one word that no phrase contains. */
export const gap = '\uFFFC'

/** The text with these ranges (offsets in the text) replaced, length unchanged. */
export function mask(text: string, pattern: RegExp, by = ' '): string {
  return text.replaceAll(pattern, (found) =>
    found.replaceAll(/[^\n]/gu, (c) => by.repeat(c.length)),
  )
}
