import { DataPlaneError } from '../plane/data-plane-error.ts'
import { readFields } from './fields.ts'

/** `links` of any body. */
export function linkNames(value: unknown): string[] {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value
  throw new DataPlaneError(400, `links: must be an array of names, got ${JSON.stringify(value)}`)
}

/** `transactions` of a tap. */
export function tapTexts(value: unknown): string[] {
  const isText = (one: unknown): boolean => typeof one === 'string' && one !== ''
  if (Array.isArray(value) && value.every(isText)) return value as string[]
  throw new DataPlaneError(
    400,
    `transactions: must be an array of texts, got ${JSON.stringify(value)}`,
  )
}

/** Body of `POST /traps/{id}/release`. */
export function releaseThen(body: unknown): 'deliver' | 'cut' | 'silence' {
  const then = readFields(body, 'Release').text('then')
  if (then === 'deliver' || then === 'cut' || then === 'silence') return then
  throw new DataPlaneError(
    400,
    `then: must be deliver, cut or silence, got ${JSON.stringify(then)}`,
  )
}
