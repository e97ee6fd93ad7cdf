const numberMax = 10_000

/** The value of a flag. Undefined without the flag; `bad`, with a message on standard error, if it is not a count. */
export function wholeNumber(flag: string, text: string | undefined): number | undefined | 'bad' {
  if (text === undefined) return undefined
  const number = Number(text)
  if (Number.isInteger(number) && number > 0 && number <= numberMax) return number
  console.error(
    `"${text}" is not a valid value for ${flag}. Use a whole number from 1 to ${numberMax}.`,
  )
  return 'bad'
}
