import { InputError } from '#chaos/lib/errors.ts'

/** The number after `--seed`. Throws {@link InputError}. */
export function parseSeed(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,10}$/.test(text) && Number(text) < 2 ** 32) return Number(text)
  throw new InputError(`"${text}" is not a valid seed.`, {
    remedy: 'Use a whole number from 0 to 4294967295, for example --seed 42.',
  })
}
