/** Text that a reader sees as one: a paragraph, a comment, a string. */
export interface Segment {
  /** Offset in the file. */
  readonly start: number
  /** Exactly as long as in the file; {@link mask} has replaced everything that is not English. */
  readonly text: string
  readonly kind: 'paragraph' | 'story' | 'title' | 'cell' | 'code' | 'comment' | 'string'
}

/** Replaces a value or a name in a sentence. A phrase may continue after it, but never contains it by accident. */
export const gap = '\uFFFC'

/** Replaces every match and keeps the length, so that offsets in the text are offsets in the file. */
export function mask(text: string, pattern: RegExp, by: ' ' | typeof gap = ' '): string {
  return text.replaceAll(pattern, (found) => found.replaceAll(/[^\n]/g, by))
}

/** Masks names in backquotes, links of doc comments, and addresses. */
export function maskNames(text: string): string {
  return mask(text, /`[^`\n]+`|\{@link[^}]*\}|https?:\/\/\S+/g, gap)
}
