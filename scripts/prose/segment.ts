/** Text that belongs together: a paragraph, a comment, a string. */
export interface Segment {
  /** Offset in the file. */
  readonly start: number
  /** As long as in the file. {@link mask} has replaced everything that is not English. */
  readonly text: string
  readonly kind: 'paragraph' | 'story' | 'title' | 'cell' | 'code' | 'comment' | 'string'
}

/** Stands for a value or a name in a sentence. Only the placeholder WORD of a phrase matches it. */
export const gap = '\uFFFC'

/** Replaces every match by text of the same length, so offsets stay the same as in the file. */
export function mask(text: string, pattern: RegExp, by: ' ' | typeof gap = ' '): string {
  return text.replaceAll(pattern, (found) => found.replaceAll(/[^\n]/g, by))
}

/** Masks names in backticks, links in doc comments, and addresses. */
export function maskNames(text: string): string {
  return mask(text, /`[^`\n]+`|\{@link[^}]*\}|https?:\/\/\S+/g, gap)
}
