import { InputError } from '../errors.ts'

/** Splits a command line into words. Single and double quotes keep spaces in a word. Throws {@link InputError}. */
export function splitWords(line: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quote: string | undefined
  for (const character of line) {
    if (quote !== undefined) {
      if (character === quote) quote = undefined
      else word += character
    } else if (character === '"' || character === "'") {
      quote = character
      word ??= ''
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + character
  }
  if (quote !== undefined)
    throw new InputError(`The quote ${quote} is not closed: ${line}`, {
      remedy: `Add ${quote} at the end.`,
    })
  return word === undefined ? words : [...words, word]
}
