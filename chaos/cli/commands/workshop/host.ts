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
import { removeSeats, seatsOf } from '../../workshop/seats.ts'
import { isInContainer, unreachableNote } from '../../workshop/unreachable-note.ts'

export default defineCommand({
  about:
    'Prints the address and the code to join, and the links of the instructor and of the projector. It listens on this machine only, unless --lan or --address is given. Everything is kept in .unhappy/workshops/: the same command continues the workshop after a restart. Ctrl-C ends it. With --seats, learners need a browser and nothing else: each receives a sandbox in a container of this machine.',
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
    seats: {
      type: 'string',
      valueHint: 'number',
      description:
        'Hand out this many seats: sandboxes on the Docker engine of this machine. Linux only.',
    },
    sleep: {
      type: 'string',
      valueHint: 'minutes',
      default: '20',
      description: 'A seat without an open page sleeps after this time. The next request wakes it.',
    },
    'remove-seats': {
      type: 'boolean',
      description:
        'Remove the containers that a killed host of this workshop has left, and end. The work of learners stays.',
    },
  },
  examples: [
    'unhappy workshop host',
    'unhappy workshop host --lan --title "Friday class"',
    'unhappy workshop host --lan --seats 12',
  ],
  run: async ({ args, cli }) => {
    if (args.lan === true && args.address !== undefined)
      throw new InputError('--lan and --address cannot be used together.', {
        remedy: 'Use --lan for every address of this machine, or --address for one.',
      })
    const title = args.title.trim()
    const folder = join(cli.home.folder, '.unhappy', 'workshops', folderName(title))
    if (args['remove-seats'] === true) return await removeSeats(cli, folder)
    const seats =
      args.seats === undefined ? undefined : await seatsOf(folder, args.seats, args.sleep)
    await using host = await startHost({
      folder,
      title,
      labs,
      incidents:
        system.gamedays?.incidents.map(({ id, title: name }) => ({ id, title: name })) ?? [],
      clock: cli.clock,
      address: args.lan === true ? '0.0.0.0' : (args.address ?? '127.0.0.1'),
      port: parsePort(args.port),
      names: args.name?.split(',').filter((name) => name !== '') ?? [],
      isInContainer: isInContainer(cli.environment),
      ...(seats !== undefined && { seats }),
    })
    const count = seats?.count ?? 0
    if (cli.json) {
      const { urls, title, code, instructorUrl, projectorUrl, learners, isContinued } = host
      const links = { urls, title, code, instructorUrl, projectorUrl }
      cli.out.line(JSON.stringify({ ...links, learners, isContinued, seats: count }))
    } else printHost(cli, host, count)
    await aborted(cli.signal)
  },
})

function printHost(cli: Cli, host: RunningHost, seats: number): void {
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
  if (seats > 0)
    line(
      `  learners   open ${url} in a browser. ${seats === 1 ? '1 seat starts' : `${seats} seats start`} now.`,
    )
  else line(`  learners   unhappy workshop join ${url} --code ${host.code} --name NAME`)
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
