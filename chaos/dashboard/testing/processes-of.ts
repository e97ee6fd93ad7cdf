import { readdir, readFile } from 'node:fs/promises'

/** Commands of all processes that were started for this home, sorted; empty where there is no /proc. */
export async function processesOf(home: string): Promise<readonly string[]> {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    ids.map(async (id) => {
      const environment = await readFile(`/proc/${id}/environ`, 'latin1').catch(() => '')
      if (!environment.split('\0').includes(`UNHAPPY_HOME=${home}`)) return []
      const command = await readFile(`/proc/${id}/cmdline`, 'latin1').catch(() => '')
      return command === '' ? [] : [`${id} ${command.replaceAll('\0', ' ').trim()}`]
    }),
  )
  return found.flat().toSorted()
}
