/** `a, b` as a list; an empty text is an empty list. */
export function placesOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
