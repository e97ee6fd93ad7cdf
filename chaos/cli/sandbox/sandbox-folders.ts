import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import type { Home } from '#chaos/home/home.ts'

/** The `.unhappy/` folder of a sandbox from docker-compose.yml: `compose-200/`, named for its published ports. */
const composeFolder = /^compose-\d{3}$/

/**
 * Every folder that may contain the file of a running sandbox: one for sandboxes of plain processes, and one for each sandbox
 * in Docker. A controller in a container sees only its own folder. Otherwise it could remove the file of a running sandbox
 * that it cannot reach.
 */
export async function sandboxFolders(home: Home): Promise<readonly string[]> {
  const state = join(home.folder, '.unhappy')
  const names = await readdir(state).catch(() => [] as string[])
  const compose = names.filter((name) => composeFolder.test(name)).toSorted()
  return [home.sandboxes, ...compose.map((name) => join(state, name, 'sandboxes'))]
}
