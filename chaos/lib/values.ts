import { Type } from 'typebox'

/** Schema of a share, 0 to 1. */
export const shareValue = (description: string) =>
  Type.Number({ minimum: 0, maximum: 1, description: `${description} From 0 to 1.` })

/** Option of an object schema: an unknown key is an error. */
export const closedObject = { additionalProperties: false } as const

/** The rate per second of `20/s` or `30/m`. */
export function parseRate(text: string): number {
  const [count, unit] = text.split('/')
  return Number(count) / (unit === 'm' ? 60 : 1)
}
