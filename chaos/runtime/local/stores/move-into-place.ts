import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'

/** Renames, so that nobody ever sees half of it. When another sandbox was faster, its copy is as good. */
export async function moveIntoPlace(staging: string, folder: string): Promise<void> {
  try {
    await rename(staging, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
    await rm(staging, { recursive: true, force: true })
  }
}
