/** Control characters, line and paragraph separators, and characters that change the direction of a text. */
const unsafe =
  // oxlint-disable-next-line no-control-regex -- these are the characters to remove
  /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/g

/**
 * The text of a user, without characters that a terminal or a page could interpret: no escape sequences, no change of the
 * writing direction. Line breaks stay.
 */
export function plainText(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll('\t', ' ').replaceAll(unsafe, '').trim()
}

/** A name: {@link plainText} in one line, with single spaces. More than three marks on one letter would cover other lines. */
export function plainName(text: string): string {
  return plainText(text.toWellFormed())
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/(\p{M}{3})\p{M}+/gu, '$1')
}

/** Names with the same key look the same. Empty: nothing of the name is visible. */
export function nameKey(name: string): string {
  return plainName(name)
    .normalize('NFKC')
    .replaceAll(/[\p{Default_Ignorable_Code_Point}\u2800\s]/gu, '')
    .toLowerCase()
}
