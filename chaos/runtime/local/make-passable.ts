import { chmodSync, mkdirSync } from 'node:fs'

/**
 * Makes the folder such that every user may go through it, and nobody else look around: under root the stores run as
 * somebody else. A strict umask would take that right away from mkdir. Synchronous, so that the keeper knows every folder
 * that exists.
 */
export function makePassable(folder: string): void {
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o711)
}
