import { readdir, readFile } from 'node:fs/promises'

/** The commands of all processes with this home, sorted. Empty on a system without /proc. */
export async function processesOf(home: string): Promise<readonly string[]> {
  const found = await commands(async (id) => {
    const environment = await readFile(`/proc/${id}/environ`, 'latin1').catch(() => '')
    return environment.split('\0').includes(`UNHAPPY_HOME=${home}`)
  })
  return found.toSorted()
}

/** The keepers of the sandboxes that this process started. A keeper exits when no process of its sandbox is left. */
export async function keepersOf(pid: string): Promise<readonly string[]> {
  const all = await commands(async () => true)
  return all.filter((command) => command.includes(`keeper.ts ${pid}`))
}

async function commands(belongs: (id: string) => Promise<boolean>): Promise<string[]> {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    ids.map(async (id) => {
      if (!(await belongs(id))) return []
      const command = await readFile(`/proc/${id}/cmdline`, 'latin1').catch(() => '')
      return command === '' ? [] : [`${id} ${command.replaceAll('\0', ' ').trim()}`]
    }),
  )
  return found.flat()
}
