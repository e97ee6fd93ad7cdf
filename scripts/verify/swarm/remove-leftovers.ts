import { readdir, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const prefix = 'unhappy-swarm-'
const cgroups = '/sys/fs/cgroup'

/** The name of the folder in the temporary folder, and of the control groups, of the machines of this process. */
export const ownName = `${prefix}${process.pid}`

/** Removes folders and control groups of processes that are dead, and of this one. The namespaces ended with their process. */
export async function removeLeftovers(): Promise<void> {
  for (const name of await namesIn(tmpdir()))
    if (isOver(name))
      await rm(join(tmpdir(), name), { recursive: true, force: true, maxRetries: 20 })
  for (const group of await groups()) if (isOver(group.name)) await removeGroup(group.path)
}

/** Folders and control groups of this process that are still there. */
export async function ownLeftovers(): Promise<readonly string[]> {
  const folders = (await namesIn(tmpdir())).map((name) => ({ name, path: join(tmpdir(), name) }))
  return [...folders, ...(await groups())]
    .filter(({ name }) => name === ownName)
    .map(({ path }) => path)
}

/** Version 1 has a tree for each controller, version 2 one tree. */
async function groups(): Promise<readonly { readonly name: string; readonly path: string }[]> {
  const trees = [cgroups, ...(await namesIn(cgroups)).map((name) => join(cgroups, name))]
  const found = await Promise.all(
    trees.map(async (tree) =>
      (await namesIn(tree)).map((name) => ({ name, path: join(tree, name) })),
    ),
  )
  return found.flat().filter(({ name }) => name.startsWith(prefix))
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch(() => [])
}

function isOver(name: string): boolean {
  const [, pid] = /^unhappy-swarm-(\d+)$/.exec(name) ?? []
  if (pid === undefined) return false
  try {
    process.kill(Number(pid), 0)
    return Number(pid) === process.pid
  } catch {
    return true
  }
}

/** A control group is a folder of files that cannot be removed: only `rmdir` works, and from inside to outside. */
async function removeGroup(path: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) if (entry.isDirectory()) await removeGroup(join(path, entry.name))
  await rmdir(path).catch(() => undefined)
}
