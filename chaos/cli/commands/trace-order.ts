import { writeFile } from 'node:fs/promises'

import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { ExchangeEvent } from '#chaos/contracts/links.ts'
import { parseDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { sendRequests } from '#chaos/xray/send-requests.ts'
import { belongsTo, exchangeId, linesOfExchanges } from '#chaos/xray/showing/lines-of-exchanges.ts'
import { sequenceText } from '#chaos/xray/showing/sequence-text.ts'
import { sequenceSvg } from '#chaos/xray/showing/sequence.ts'

import type { Cli } from '../cli.ts'
import { defineCommand } from '../command.ts'
import { traceInRun } from '../runs/trace-in-run.ts'
import { requireSandbox } from '../sandbox/find.ts'
import { tapExchanges } from '../xray/tap-exchanges.ts'

/** An order without a message for this long is complete. */
const idleMs = 1_500

export default defineCommand({
  about:
    'Shows every message of one order in time order. With --run: an order of a past run, from its recording. Without --run it records a new order: one that the command places itself, or one that you place afterwards and whose key or id you give.',
  args: {
    order: {
      type: 'positional',
      required: false,
      description: 'Idempotency key or id of the order. Default: the command places one.',
    },
    run: {
      type: 'string',
      valueHint: 'id',
      description: 'Id of a run, or latest: shows an order of that run.',
    },
    part: {
      type: 'string',
      valueHint: 'scenario|variants',
      description:
        'With --run: which orders. Default: those of the variants if they were violated, else those of the scenario.',
    },
    sku: {
      type: 'string',
      default: 'tea',
      description: 'Product of the order that the command places.',
    },
    wait: {
      type: 'string',
      valueHint: 'duration',
      default: '30s',
      description: 'How long to wait for the first message of the order.',
    },
    svg: {
      type: 'string',
      valueHint: 'file',
      description: 'Also write the diagram to this file, as SVG.',
    },
  },
  examples: [
    'unhappy trace-order',
    'unhappy trace-order my-first-order',
    'unhappy trace-order o-f-000014 --run latest',
    'unhappy trace-order --svg order.svg',
  ],
  run: async ({ args, cli }) => {
    if (args.run !== undefined) {
      await traceInRun(cli, { ...args, run: args.run })
      return
    }
    const client = await requireSandbox(cli)
    const waitMs = parseDuration(args.wait)
    const id = args.order ?? `o-t${Math.floor(cli.clock.wallTimeMs()).toString(36)}-000001`
    const events = await follow(cli, client, {
      id,
      waitMs,
      ...(args.order === undefined ? { place: args.sku } : {}),
    })
    if (events.length === 0)
      throw new InputError(`No message of the order ${id} passed a link within ${args.wait}.`, {
        remedy:
          'Start this command before you place the order. Or leave ORDER out: the command then places one.',
      })
    const lines = linesOfExchanges(events)
    if (cli.json) cli.out.line(JSON.stringify({ order: id, exchanges: events }))
    else for (const line of sequenceText(lines, new Set(), false)) cli.out.line(line)
    if (args.svg === undefined) return
    await writeFile(args.svg, sequenceSvg(lines, new Set(), `Messages of the order ${id}`))
    cli.err.line(`diagram  ${args.svg}`)
  },
})

interface TracedOrder {
  readonly id: string
  readonly waitMs: number
  /** The product to order; undefined: the order comes from another client. */
  readonly place?: string
}

/** The exchanges of the order in time order, from its first message until it has been idle for {@link idleMs}. */
async function follow(
  cli: Cli,
  client: ApiClient,
  { id, waitMs, place }: TracedOrder,
): Promise<readonly ExchangeEvent[]> {
  const over = new AbortController()
  const found = new Map<string, ExchangeEvent[]>()
  const own = new Set<string>()
  let lastAtMs = cli.clock.now() + waitMs - idleMs
  const watch = async (): Promise<void> => {
    while (!over.signal.aborted && cli.clock.now() < lastAtMs + idleMs)
      await cli.clock.sleep(50, over.signal).catch(() => undefined)
    over.abort()
  }
  const watching = watch()
  const signal = AbortSignal.any([cli.signal, over.signal])
  const placing = place === undefined ? undefined : placeSoon(cli, client, id, place)
  for await (const event of tapExchanges(cli, client, { link: '*', signal, transactions: [id] })) {
    // Some requests can only be assigned to an order by their reply. They are kept until it arrives.
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
  // The tap must exist before the first message.
  await cli.clock.sleep(300, cli.signal)
  const body = { sku, quantity: 1, customer: 'trace' }
  const ack = await sendRequests({
    start: { requests: () => [{ method: 'POST', path: '/orders', body }] },
    key,
    entries: urls.shop.map((url, i) => ({ instance: `api-${i + 1}`, url })),
    timeoutMs: 5_000,
    clock: cli.clock,
  })
  const { result = 'no response' } = ack.attempts[0] ?? {}
  cli.err.line(cli.err.colours.dim(`placed ${key}: ${result}`))
}
