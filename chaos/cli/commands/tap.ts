import { leaseMaxMs } from '#chaos/contracts/fault.ts'
import type { ExchangeEvent } from '#chaos/contracts/links.ts'
import { parseDuration } from '#chaos/lib/duration.ts'
import { wildcardPattern } from '#chaos/lib/wildcard-pattern.ts'

import type { Cli } from '../cli.ts'
import { defineCommand } from '../command.ts'
import { requireSandbox } from '../sandbox/find.ts'
import { tapExchanges } from '../xray/tap-exchanges.ts'

export default defineCommand({
  about:
    'Prints every request and every reply that passes the links, decoded by protocol. It changes nothing. A link is decoded only while a tap, a trap or an HTTP toxic needs it.',
  args: {
    link: {
      type: 'positional',
      required: false,
      default: '*',
      description: "A link, or a pattern in quotes: 'worker-*:postgres'.",
    },
    exchange: {
      type: 'string',
      valueHint: 'signature',
      description: "Print only these messages: COMMIT, 'POST *', 'bullmq *'.",
    },
    transaction: {
      type: 'string',
      valueHint: 'order',
      description: 'Print only messages of this order: its key or its id.',
    },
    for: { type: 'string', valueHint: 'duration', description: 'End after this time: 30s, 2m.' },
  },
  examples: [
    'unhappy tap',
    "unhappy tap 'api-*:postgres' --exchange COMMIT",
    'unhappy tap --transaction o-7f-000017 --json',
  ],
  run: async ({ args, cli }) => {
    const client = await requireSandbox(cli)
    const forMs = args.for === undefined ? undefined : parseDuration(args.for)
    const wanted =
      args.exchange === undefined ? undefined : wildcardPattern(args.exchange, { ignoreCase: true })
    const { transaction } = args
    const time = forMs === undefined ? [] : [AbortSignal.timeout(Math.min(forMs, leaseMaxMs))]
    const signal = AbortSignal.any([cli.signal, ...time])
    const events = tapExchanges(cli, client, {
      link: args.link,
      signal,
      transactions: transaction === undefined ? [] : [transaction],
    })
    for await (const event of events) {
      if (wanted?.test(event.signature) === false) continue
      if (transaction !== undefined && !belongsTo(event, transaction)) continue
      cli.out.line(cli.json ? JSON.stringify(event) : lineOf(event, cli))
    }
  },
})

function lineOf(event: ExchangeEvent, { out }: Cli): string {
  const { dim, cyan, green, red, bold } = out.colours
  const request = event.part === 'request'
  const failed = /^(ERROR|[45]\d\d)/.test(event.status ?? '')
  const head = [
    dim((event.atMs / 1_000).toFixed(3).padStart(9)),
    cyan(`${event.link}#${event.connection}`.padEnd(24)),
    request ? '→' : '←',
    request ? bold(event.signature) : dim(event.signature),
  ]
  const rest = request
    ? [event.transaction ?? '', dim(event.summary ?? '')]
    : [
        (failed ? red : green)(event.status ?? ''),
        event.tookMs === undefined ? '' : dim(`${event.tookMs.toFixed(1)} ms`),
        event.transaction ?? '',
        dim(event.summary === event.status ? '' : (event.summary ?? '')),
      ]
  return [...head, ...rest].filter((part) => part !== '').join(' ')
}

/** Whether a message carries this text: a key, or an id that begins with the key and a dot. */
function belongsTo(event: ExchangeEvent, id: string): boolean {
  const carried = [event.transaction, ...(event.otherTransactions ?? [])]
  return carried.some((tag) => tag !== undefined && (tag === id || id.startsWith(`${tag}.`)))
}
