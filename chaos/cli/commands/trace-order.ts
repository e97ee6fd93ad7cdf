import { writeFile } from 'node:fs/promises'

import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { ExchangeEvent } from '#chaos/contracts/links.ts'
import { parseDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { runFlow } from '#chaos/xray/planning/flows.ts'
import { belongsTo, exchangeId, linesOfExchanges } from '#chaos/xray/showing/lines-of-exchanges.ts'
import { sequenceText } from '#chaos/xray/showing/sequence-text.ts'
import { sequenceSvg } from '#chaos/xray/showing/sequence.ts'

import type { Cli } from '../cli.ts'
import { defineCommand } from '../command.ts'
import { requireSandbox } from '../sandbox/find.ts'
import { tapExchanges } from '../xray/tap-exchanges.ts'

/** So long nothing about the order: its journey is over. */
const lullMs = 1_500

export default defineCommand({
  about:
    'Follows one order through every link: what each service asks of whom, in the order of time. Give the key or the id of an order that is about to be placed, or let it place one.',
  args: {
    order: {
      type: 'positional',
      required: false,
      description: 'Key (Idempotency-Key) or id of the order. Without: one is placed.',
    },
    sku: { type: 'string', default: 'tea', description: 'Of the order that is placed.' },
    wait: {
      type: 'string',
      valueHint: 'duration',
      default: '30s',
      description: 'How long to wait for its first message.',
    },
    svg: { type: 'string', valueHint: 'file', description: 'Also write the diagram as SVG.' },
  },
  examples: [
    'unhappy trace-order',
    'unhappy trace-order my-first-order',
    'unhappy trace-order --svg order.svg',
  ],
  run: async ({ args, cli }) => {
    const client = await requireSandbox(cli)
    const waitMs = parseDuration(args.wait)
    const id = args.order ?? `o-t${Math.floor(cli.clock.wallTimeMs()).toString(36)}-000001`
    const events = await follow(cli, client, {
      id,
      waitMs,
      ...(args.order === undefined ? { place: args.sku } : {}),
    })
    if (events.length === 0)
      throw new InputError(`No message of ${id} passed within ${args.wait}.`, {
        remedy: 'Start this before the order is placed, or leave the order out: one is placed.',
      })
    const lines = linesOfExchanges(events)
    if (cli.json) cli.out.line(JSON.stringify({ order: id, exchanges: events }))
    else for (const line of sequenceText(lines, new Set(), false)) cli.out.line(line)
    if (args.svg === undefined) return
    await writeFile(args.svg, sequenceSvg(lines, new Set(), `The journey of ${id}`))
    cli.err.line(`diagram  ${args.svg}`)
  },
})

interface Journey {
  readonly id: string
  readonly waitMs: number
  /** Product of the order that is placed. */
  readonly place?: string
}

/** Everything that carries the order, from its first message until nothing more comes. */
async function follow(
  cli: Cli,
  client: ApiClient,
  { id, waitMs, place }: Journey,
): Promise<readonly ExchangeEvent[]> {
  const over = new AbortController()
  const found = new Map<string, ExchangeEvent[]>()
  const own = new Set<string>()
  let lastAtMs = cli.clock.now() + waitMs - lullMs
  const watch = async (): Promise<void> => {
    while (!over.signal.aborted && cli.clock.now() < lastAtMs + lullMs)
      await cli.clock.sleep(50, over.signal).catch(() => undefined)
    over.abort()
  }
  const watching = watch()
  const signal = AbortSignal.any([cli.signal, over.signal])
  const placing = place === undefined ? undefined : placeSoon(cli, client, id, place)
  for await (const event of tapExchanges(cli, client, { link: '*', signal, transactions: [id] })) {
    // A request may be told only by its reply: until then it is kept.
    const exchange = exchangeId(event)
    found.set(exchange, [...(found.get(exchange) ?? []), event])
    if (!belongsTo(event, id)) continue
    own.add(exchange)
    lastAtMs = cli.clock.now()
  }
  await Promise.all([watching, placing])
  return [...own]
    .flatMap((exchange) => found.get(exchange) ?? [])
    .toSorted((a, b) => a.atMs - b.atMs)
}

async function placeSoon(cli: Cli, client: ApiClient, key: string, sku: string): Promise<void> {
  const { urls } = await client.sandbox()
  // The tap has to be there first.
  await cli.clock.sleep(300, cli.signal)
  const ack = await runFlow({
    flow: 'place-order',
    key,
    entries: urls.shop.map((url, i) => ({ instance: `api-${i + 1}`, url })),
    timeoutMs: 5_000,
    clock: cli.clock,
    order: { sku, quantity: 1, customer: 'trace' },
  })
  const { result = 'no answer' } = ack.attempts[0] ?? {}
  cli.err.line(cli.err.colours.dim(`placed ${key}: ${result}`))
}
