import { InputError } from '#chaos/lib/errors.ts'

/** Words of a command line; single and double quotes keep blanks together. */
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
    throw new InputError(`A quote (${quote}) is open at the end of: ${line}`, {
      remedy: 'Close it.',
    })
  return word === undefined ? words : [...words, word]
}
