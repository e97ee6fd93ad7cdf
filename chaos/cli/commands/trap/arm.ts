import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { TrapBody } from '#chaos/contracts/api.ts'
import type { TrapEvent } from '#chaos/contracts/links.ts'
import { countMax } from '#chaos/contracts/max.ts'
import { parseDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { Cli } from '../../cli.ts'
import { defineCommand } from '../../command.ts'
import { requireSandbox } from '../../sandbox/find.ts'

export default defineCommand({
  about:
    'The trap counts matching messages on all connections of the links and springs on the nth. Choose one action: --cut, --silence, --hold, --delay, --reply, --kill or --pause. Without an action the trap only reports that it sprang.',
  args: {
    link: {
      type: 'positional',
      required: true,
      description: "A link, or a pattern in quotes: 'api-*:postgres'.",
    },
    exchange: {
      type: 'positional',
      required: true,
      description:
        "The message: COMMIT, 'INSERT orders', 'POST /charges', 'bullmq addJob', or '*' for any.",
    },
    before: {
      type: 'boolean',
      description: 'Act on the request, before the callee receives it.',
    },
    after: {
      type: 'boolean',
      description: 'Act on the reply, after the callee executed the request.',
    },
    nth: {
      type: 'string',
      valueHint: 'number',
      default: '1',
      description: 'Spring on the nth match.',
    },
    transaction: {
      type: 'string',
      valueHint: 'order',
      description: 'Match only messages of this order: its key or its id.',
    },
    cut: { type: 'boolean', description: 'Reset the connection. The message is lost.' },
    silence: {
      type: 'boolean',
      description: 'Drop the message. The connection stays open and passes nothing.',
    },
    hold: { type: 'boolean', description: 'Hold the message until `unhappy trap release`.' },
    delay: {
      type: 'string',
      valueHint: 'duration',
      description: 'Pass the message on after this time.',
    },
    reply: {
      type: 'string',
      valueHint: 'error',
      description: "Reply with an error of the protocol: '503 busy', '40001 ...', 'LOADING ...'.",
    },
    kill: {
      type: 'string',
      valueHint: 'end',
      description:
        'Kill the caller or the callee while the message is held. It restarts after a second.',
    },
    pause: { type: 'string', valueHint: 'end', description: 'Freeze the caller or the callee.' },
    for: {
      type: 'string',
      valueHint: 'duration',
      default: '60s',
      description: 'Lease of the trap: it is disarmed after this time.',
    },
    wait: {
      type: 'boolean',
      description: 'Wait until the trap springs. Exit status 2 if its lease ends first.',
    },
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
    if (!cli.json) cli.err.line(`Armed ${cli.err.colours.bold(id)}.`)
    if (args.wait !== true) return cli.json ? cli.out.line(JSON.stringify({ id })) : undefined
    return await waitUntilSprung(cli, client, id, lastSeq)
  },
})

interface Args {
  readonly [name: string]: unknown
}

function requestOf(args: Args): TrapBody {
  if (args['before'] === args['after'])
    throw new InputError('A trap needs --before or --after.', {
      remedy:
        'Use --before to act before the callee receives the request, or --after to act on the reply.',
    })
  const nth = Number(args['nth'])
  if (!Number.isInteger(nth) || nth < 1 || nth > countMax)
    throw new InputError(`"${String(args['nth'])}" is not a valid value for --nth.`, {
      remedy: `Use a whole number from 1 to ${countMax}, for example --nth 2.`,
    })
  const text = (name: string): string | undefined => args[name] as string | undefined
  const words = (['cut', 'silence', 'hold'] as const).filter((word) => args[word] === true)
  const [then] = words
  if (words.length > 1)
    throw new InputError(`A trap has one action, not both ${words.join(' and ')}.`, {
      remedy: `Use --${words.join(' or --')}.`,
    })
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
  throw new InputError(`"${text}" is not an end of a link.`, {
    remedy: `Use --${option} caller or --${option} callee.`,
  })
}

async function waitUntilSprung(
  cli: Cli,
  client: ApiClient,
  id: string,
  after: number,
): Promise<number> {
  for await (const event of client.events({ types: ['trap'] }, after, cli.signal)) {
    if (event.type !== 'trap' || event.id !== id) continue
    cli.out.line(cli.json ? JSON.stringify(event) : sentence(event))
    if (event.what === 'sprung') return 0
    if (event.what === 'expired') return 2
  }
  return 2
}

function sentence({
  what,
  exchange,
  link,
  connection,
  phase,
  transaction,
  detail,
}: TrapEvent): string {
  if (what === 'expired') return `Expired: ${detail ?? ''}`
  const order = transaction === undefined ? '' : `, order ${transaction}`
  return `Sprung: ${phase ?? ''} ${exchange ?? ''} on ${link ?? ''}, connection ${connection ?? ''}${order}`
}
