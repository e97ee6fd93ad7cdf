import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import type { Home } from '#chaos/home/home.ts'

/** Where a sandbox of docker-compose.yml has its `.unhappy/`: `compose-200/`, named for the ports it is published on. */
const composeFolder = /^compose-\d{3}$/

/**
 * Every folder in which a running sandbox may have left its file: that of sandboxes of this machine's own processes, and
 * one for each sandbox in Docker. A controller in a container sees only its own, so that it never takes a sandbox that it
 * cannot reach for one that is gone.
 */
export async function sandboxFolders(home: Home): Promise<readonly string[]> {
  const state = join(home.folder, '.unhappy')
  const names = await readdir(state).catch(() => [] as string[])
  const compose = names.filter((name) => composeFolder.test(name)).toSorted()
  return [home.sandboxes, ...compose.map((name) => join(state, name, 'sandboxes'))]
}
