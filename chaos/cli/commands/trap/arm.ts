import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { TrapBody } from '#chaos/contracts/api.ts'
import type { TrapEvent } from '#chaos/contracts/links.ts'
import { parseDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { Cli } from '../../cli.ts'
import { defineCommand } from '../../command.ts'
import { requireSandbox } from '../../sandbox/find.ts'

export default defineCommand({
  about:
    'Counts matching messages over all connections of the links, and springs on the nth. What to do: one of --cut, --silence, --hold, --delay, --reply, --kill, --pause; without any it only reports.',
  args: {
    link: {
      type: 'positional',
      required: true,
      description: "A link, or a pattern in quotes: 'api-*:postgres'.",
    },
    exchange: {
      type: 'positional',
      required: true,
      description: "COMMIT, 'INSERT orders', 'POST /charges', 'bullmq addJob'; * for anything.",
    },
    before: {
      type: 'boolean',
      description: 'Before it is executed: the request is not passed on.',
    },
    after: { type: 'boolean', description: 'Executed; its reply is held back.' },
    nth: { type: 'string', valueHint: 'number', default: '1', description: 'Which match.' },
    transaction: {
      type: 'string',
      valueHint: 'order',
      description: 'Only messages of this order: its key or its id.',
    },
    cut: { type: 'boolean', description: 'Reset the connection; the message is gone.' },
    silence: { type: 'boolean', description: 'Swallow it; the connection stays open and mute.' },
    hold: { type: 'boolean', description: 'Hold it until `unhappy trap release`.' },
    delay: { type: 'string', valueHint: 'duration', description: 'Pass it on after this.' },
    reply: {
      type: 'string',
      valueHint: 'error',
      description: "Answer with the protocol's own error: '503 busy', '40001 ...', 'LOADING ...'.",
    },
    kill: {
      type: 'string',
      valueHint: 'end',
      description: 'caller or callee: dies while the message is held; back after a second.',
    },
    pause: { type: 'string', valueHint: 'end', description: 'caller or callee: is frozen.' },
    for: {
      type: 'string',
      valueHint: 'duration',
      default: '60s',
      description: 'Lease of the trap.',
    },
    wait: { type: 'boolean', description: 'Wait until it springs; status 2 if it never does.' },
  },
  examples: [
    "unhappy trap arm 'api-*:postgres' COMMIT --after --kill caller --wait",
    "unhappy trap arm 'worker-*:payments' 'POST /charges' --before --reply '503 busy' --nth 2",
  ],
  run: async ({ args, cli }) => {
    const request = requestOf(args)
    const client = await requireSandbox(cli)
    const { lastSeq } = await client.sandbox()
    const { id } = await client.armTrap(request)
    if (!cli.json) cli.err.line(`armed ${cli.err.colours.bold(id)}`)
    if (args.wait !== true) return cli.json ? cli.out.line(JSON.stringify({ id })) : undefined
    return await waitFor(cli, client, id, lastSeq)
  },
})

interface Args {
  readonly [name: string]: unknown
}

function requestOf(args: Args): TrapBody {
  if (args['before'] === args['after'])
    throw new InputError('Say when: --before or --after.', {
      remedy: '--before: it is not executed. --after: it is, and its reply is held back.',
    })
  const nth = Number(args['nth'])
  if (!Number.isInteger(nth) || nth < 1)
    throw new InputError(`--nth ${String(args['nth'])} is not a number from 1 on.`)
  const text = (name: string): string | undefined => args[name] as string | undefined
  const words = (['cut', 'silence', 'hold'] as const).filter((word) => args[word] === true)
  const [then] = words
  if (words.length > 1)
    throw new InputError(`A trap does one thing, and not both ${words.join(' and ')}.`)
  const delay = text('delay')
  return {
    link: text('link') ?? '',
    exchange: text('exchange') ?? '',
    nth,
    phase: args['after'] === true ? 'after' : 'before',
    leaseMs: parseDuration(text('for') ?? '60s'),
    ...given('transaction', text('transaction')),
    ...given('then', then),
    ...given('delayMs', delay === undefined ? undefined : parseDuration(delay)),
    ...given('reply', text('reply')),
    ...given('kill', endOf('kill', text('kill'))),
    ...given('pause', endOf('pause', text('pause'))),
  }
}

function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Partial<Record<Name, Value>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, Value>)
}

function endOf(option: string, text: string | undefined): 'caller' | 'callee' | undefined {
  if (text === undefined || text === 'caller' || text === 'callee') return text
  throw new InputError(`--${option} ${text} is no end of a link.`, {
    remedy: 'Say caller or callee.',
  })
}

async function waitFor(cli: Cli, client: ApiClient, id: string, after: number): Promise<number> {
  for await (const event of client.events({ types: ['trap'] }, after, cli.signal)) {
    if (event.type !== 'trap' || event.id !== id) continue
    cli.out.line(cli.json ? JSON.stringify(event) : words(event))
    if (event.what === 'sprung') return 0
    if (event.what === 'expired') return 2
  }
  return 2
}

function words({
  what,
  exchange,
  link,
  connection,
  phase,
  transaction,
  detail,
}: TrapEvent): string {
  if (what === 'expired') return `expired: ${detail ?? ''}`
  const order = transaction === undefined ? '' : `, order ${transaction}`
  return `sprung: ${exchange ?? ''} on ${link ?? ''}, connection ${connection ?? ''}, ${phase ?? ''}${order}`
}
