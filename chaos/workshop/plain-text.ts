/** Control characters, line and paragraph separators, and characters that change the direction of a text. */
const unsafe =
  // oxlint-disable-next-line no-control-regex -- these are the characters to remove
  /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/g

/**
 * The text of a user, without characters that a terminal or a page could interpret: no escape sequences, no change of the
 * writing direction. Line breaks stay.
 */
export function plainText(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll('\t', ' ').replaceAll(unsafe, '').trim()
}

/** A name: {@link plainText} in one line, with single spaces. */
export function plainName(text: string): string {
  return plainText(text).replaceAll(/\s+/g, ' ')
}
