import { join } from 'node:path'

import { renderUnicodeCompact } from 'uqr'

import { workshopPort } from '#chaos/contracts/ports.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { shortened } from '#chaos/lib/excerpt.ts'
import { aborted } from '#chaos/lib/signals/aborted.ts'
import { system } from '#chaos/system.ts'
import { startHost } from '#chaos/workshop/host/start-host.ts'
import type { RunningHost } from '#chaos/workshop/host/start-host.ts'
import { labs } from '#labs/index.ts'

import type { Cli } from '../../cli.ts'
import { defineCommand } from '../../command.ts'
import { withProgramName } from '../../program-name.ts'
import { isInContainer, unreachableNote } from '../../workshop/unreachable-note.ts'

export default defineCommand({
  about:
    'Prints the address and the code to join, and the links of the instructor and of the projector. It listens on this machine only, unless --lan or --address is given. Everything is kept in .unhappy/workshops/: the same command continues the workshop after a restart. Ctrl-C ends it.',
  args: {
    title: {
      type: 'string',
      default: 'Workshop',
      description: 'The name of the workshop. Another name is another workshop.',
    },
    lan: {
      type: 'boolean',
      description:
        'Listen on every address of this machine, so learners in the same network can join.',
    },
    address: {
      type: 'string',
      valueHint: 'address',
      description: 'Listen on this address (default: 127.0.0.1).',
    },
    port: {
      type: 'string',
      valueHint: 'number',
      description: `The port (default: ${workshopPort}).`,
    },
    name: {
      type: 'string',
      valueHint: 'host',
      description: 'The name or address by which learners reach this machine; several with commas.',
    },
  },
  examples: ['unhappy workshop host', 'unhappy workshop host --lan --title "Friday class"'],
  run: async ({ args, cli }) => {
    if (args.lan === true && args.address !== undefined)
      throw new InputError('--lan and --address cannot be used together.', {
        remedy: 'Use --lan for every address of this machine, or --address for one.',
      })
    const title = args.title.trim()
    await using host = await startHost({
      folder: join(cli.home.folder, '.unhappy', 'workshops', folderName(title)),
      title,
      labs,
      incidents:
        system.gamedays?.incidents.map(({ id, title: name }) => ({ id, title: name })) ?? [],
      clock: cli.clock,
      address: args.lan === true ? '0.0.0.0' : (args.address ?? '127.0.0.1'),
      port: parsePort(args.port),
      names: args.name?.split(',').filter((name) => name !== '') ?? [],
      isInContainer: isInContainer(cli.environment),
    })
    if (cli.json) {
      const { urls, title, code, instructorUrl, projectorUrl, learners, isContinued } = host
      cli.out.line(
        JSON.stringify({ urls, title, code, instructorUrl, projectorUrl, learners, isContinued }),
      )
    } else printHost(cli, host)
    await aborted(cli.signal)
  },
})

function printHost(cli: Cli, host: RunningHost): void {
  const { bold, dim, yellow } = cli.out.colours
  const [url = ''] = host.urls
  const note = unreachableNote(cli.environment, url)
  const line = (text = ''): void => cli.out.line(withProgramName(text, cli.program))
  line(
    `${bold(host.title)}${host.isContinued ? dim(`  continued, ${host.learners} learners`) : ''}`,
  )
  line()
  line(`  join       ${bold(url)}`)
  for (const other of host.urls.slice(1)) line(dim(`  or         ${other}`))
  line(`  code       ${bold(host.code)}`)
  line(`  learners   unhappy workshop join ${url} --code ${host.code} --name NAME`)
  for (const text of note?.split('\n') ?? []) line(yellow(`  ${text}`))
  line()
  for (const row of renderUnicodeCompact(url, { border: 1 }).split('\n')) line(`  ${row}`)
  line()
  line(`  instructor ${host.instructorUrl}`)
  line(`  projector  ${host.projectorUrl}`)
  line()
  line(dim('  Keep the two links to yourself: they contain tokens. Ctrl-C ends the host.'))
}

/** Throws {@link InputError}. */
function parsePort(text: string | undefined): number {
  if (text === undefined) return workshopPort
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new InputError(`"${shortened(text)}" is not a valid port.`, {
    remedy: `Use a whole number from 0 to 65535, for example --port ${workshopPort}.`,
  })
}

/** Throws {@link InputError} for a title without letters. */
function folderName(title: string): string {
  const name = title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 80)
  if (name !== '') return name
  throw new InputError(`"${shortened(title)}" is not a valid title.`, {
    remedy: 'Use letters or digits, for example --title "Friday class".',
  })
}
