import { createHash, randomBytes } from 'node:crypto'

/** 192 random bits. */
export function randomText(): string {
  return randomBytes(24).toString('base64url')
}

/** For lookups: how long they take says nothing about the value. */
export function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
