import { spawn } from 'node:child_process'

import { defineCommand } from '../command.ts'
import { requireSandbox } from '../sandbox/find.ts'

const openers: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd.exe', '/c', 'start', ''],
}

export default defineCommand({
  about: 'Also prints the address, for machines without a browser.',
  examples: ['unhappy open'],
  run: async ({ cli }) => {
    const { file } = await requireSandbox(cli)
    cli.out.line(cli.json ? JSON.stringify({ url: file.url }) : file.url)
    // In WSL the browser runs on Windows.
    const platform = cli.environment['WSL_DISTRO_NAME'] === undefined ? process.platform : 'win32'
    const [program, ...args] = openers[platform] ?? ['xdg-open']
    const opener = spawn(program, [...args, file.url], { stdio: 'ignore', detached: true })
    opener.on('error', () =>
      cli.err.line('No browser could be opened. Copy the address into a browser.'),
    )
    opener.unref()
  },
})
