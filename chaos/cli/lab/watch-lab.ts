import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import { checkSeamFiles } from '#chaos/exercise/check-seam-files.ts'
import { system } from '#chaos/system.ts'

import type { Cli } from '../cli.ts'
import { withProgramName } from '../program-name.ts'
import { errorText } from '../run.ts'
import { wrap } from '../ui/wrap.ts'
import { judgeLab } from './judge-lab.ts'
import { openKeyReader } from './key-reader.ts'
import { openLabControl } from './lab-control.ts'
import { warnAboutTypes } from './warn-about-types.ts'

// Polling, because file events do not reach every mount (Docker Desktop, WSL, network drives).
const pollMs = 300

/** Checks now and after every save, until the user quits. Returns the exit status of the last check. */
export async function watchLab(
  cli: Cli,
  client: ApiClient,
  lab: Lab,
  folder: string,
): Promise<number> {
  using keys = openKeyReader(cli)
  let status = 0
  let seen = ''
  for (;;) {
    const stamp = await stampOf(folder)
    const key = keys.take()
    if (key === 'q' || cli.signal.aborted) return status
    if (key === 'h') await hint(cli, lab)
    if (stamp !== seen || key === 'c') {
      seen = stamp
      keys.pause()
      status = await checkOnce(cli, client, lab, status)
      keys.resume()
      const ways = keys.available ? 'c check now, h hint, q quit' : 'Ctrl-C quit'
      cli.err.line(
        cli.err.colours.dim(`\nWatching ${lab.id}. Save a file to check again. Keys: ${ways}.`),
      )
    }
    await cli.clock.sleep(pollMs, cli.signal).catch(() => undefined)
  }
}

async function checkOnce(cli: Cli, client: ApiClient, lab: Lab, before: number): Promise<number> {
  cli.err.line(`\n${cli.err.colours.bold(`Checking ${lab.title}`)}`)
  try {
    await checkSeamFiles(system, cli.home, lab, 'mine')
    await warnAboutTypes(cli, lab)
    return await judgeLab(cli, client, { lab, version: 'mine' })
  } catch (error) {
    if (cli.signal.aborted) return before
    const { message, remedy } = errorText(error, { debug: false, program: cli.program })
    cli.err.line(`${cli.err.colours.red(message)}\n${remedy ?? ''}`)
    return 3
  }
}

async function hint(cli: Cli, lab: Lab): Promise<void> {
  const { hints, hintsTotal } = await openLabControl(cli).hint(lab.id)
  const text = withProgramName(hints.at(-1) ?? 'This lab has no hints.', cli.program)
  cli.err.line(
    `\n${cli.err.colours.bold(`Hint ${hints.length} of ${hintsTotal}`)}\n${wrap(text, cli.err.columns)}`,
  )
}

/** Names, times and sizes of the TypeScript files in the folder: differs after every change. */
async function stampOf(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => [] as string[])
  const stamps = names
    .filter((name) => name.endsWith('.ts'))
    .toSorted()
    .map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined)
      return `${name} ${found?.mtimeMs} ${found?.size}`
    })
  return (await Promise.all(stamps)).join('\n')
}
