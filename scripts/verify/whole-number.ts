/** What a flag says: undefined when it is not given, `bad` (and a message on standard error) when it is no count. */
export function wholeNumber(flag: string, text: string | undefined): number | undefined | 'bad' {
  if (text === undefined) return undefined
  const number = Number(text)
  if (Number.isInteger(number) && number > 0) return number
  console.error(`${flag} ${text} is not a whole number above 0.`)
  return 'bad'
}
