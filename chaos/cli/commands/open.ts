import { spawn } from 'node:child_process'

import type { ApiClient } from '#chaos/api/client/api-client.ts'
import { writeOpenPage } from '#chaos/home/open-page.ts'

import type { Cli } from '../cli.ts'
import { defineCommand } from '../command.ts'
import { dashboardUrl } from '../sandbox/dashboard-url.ts'
import { requireSandbox } from '../sandbox/find.ts'

const openers: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd.exe', '/c', 'start', ''],
}

export default defineCommand({
  about:
    'Also prints an address, for machines without a browser. The address contains a secret that works once, within 10 minutes.',
  examples: ['unhappy open'],
  run: async ({ cli }) => {
    const client = await requireSandbox(cli)
    const url = await dashboardUrl(client)
    cli.out.line(cli.json ? JSON.stringify({ url }) : url)
    if (cli.environment['UNHAPPY_RUNTIME'] !== 'docker') await openBrowser(cli, client)
  },
})

/** Opens a page that only this user can read, because `ps` shows the arguments of a process to every user. */
async function openBrowser(cli: Cli, client: ApiClient): Promise<void> {
  // In WSL the browser runs on Windows and cannot read the page. A Windows process has an argument list of its own.
  const inWsl = cli.environment['WSL_DISTRO_NAME'] !== undefined
  const url = await dashboardUrl(client)
  const target = inWsl ? url : await writeOpenPage(cli.home.sandboxes, client.file.slot, url)
  const [program, ...args] = openers[inWsl ? 'win32' : process.platform] ?? ['xdg-open']
  const opener = spawn(program, [...args, target], { stdio: 'ignore', detached: true })
  opener.on('error', () =>
    cli.err.line('No browser could be opened. Copy the address into a browser.'),
  )
  opener.unref()
}
