import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'

/**
 * Renames the folder, so no process ever reads half of it. If another sandbox was faster, its copy
 * is used.
 */
export async function moveIntoPlace(staging: string, folder: string): Promise<void> {
  try {
    await rename(staging, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
    await rm(staging, { recursive: true, force: true })
  }
}
