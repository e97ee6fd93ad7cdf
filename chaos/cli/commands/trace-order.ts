import { writeFile } from 'node:fs/promises'

import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { FlowRecord } from '#chaos/contracts/flow-record.ts'
import { flowText } from '#chaos/flows/flow-text.ts'
import { parseDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { flowDiagramSvg } from '#chaos/report/flow-diagram/flow-diagram-svg.ts'
import { sendRequests } from '#chaos/xray/send-requests.ts'

import type { Cli } from '../cli.ts'
import { defineCommand } from '../command.ts'
import { traceInRun } from '../runs/trace-in-run.ts'
import { requireSandbox } from '../sandbox/find.ts'

/** An order without a message for this long is complete. */
const idleMs = 1_500
const pollMs = 250

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
    if (args.order === undefined && client.file.runtime === 'adopted')
      throw new InputError(
        'The adopted system is not the shop: the command cannot place an order.',
        {
          remedy:
            'Start it with an id such as o-mine-000001, then send your request with this id: unhappy trace-order o-mine-000001',
        },
      )
    const waitMs = parseDuration(args.wait)
    const id = args.order ?? `o-t${Math.floor(cli.clock.wallTimeMs()).toString(36)}-000001`
    const place = args.order === undefined ? args.sku : undefined
    const flow = await follow(cli, client, { id, waitMs, place })
    if (flow === undefined)
      throw new InputError(`No message of the order ${id} passed a link within ${args.wait}.`, {
        remedy:
          client.file.runtime === 'adopted'
            ? 'Start this command before you send the request, and put this id into it.'
            : 'Start this command before you place the order. Or leave ORDER out: the command then places one.',
      })
    if (cli.json) cli.out.line(JSON.stringify(flow))
    else for (const line of flowText(flow)) cli.out.line(line)
    if (args.svg === undefined) return
    await writeFile(args.svg, flowDiagramSvg(flow, { colours: 'light' }))
    cli.err.line(`diagram  ${args.svg}`)
  },
})

interface TracedOrder {
  readonly id: string
  readonly waitMs: number
  /** The product to order. Undefined: the order comes from another client. */
  readonly place: string | undefined
}

/** The order when it has been idle for {@link idleMs}. Undefined: it sent no message. */
async function follow(
  cli: Cli,
  client: ApiClient,
  { id, waitMs, place }: TracedOrder,
): Promise<FlowRecord | undefined> {
  const { clock, signal } = cli
  // The first call begins to record.
  let flow = await readLive(client, id)
  if (place !== undefined) await placeOrder(cli, client, id, place)
  let endsMs = clock.now() + waitMs
  while (!signal.aborted && clock.now() < endsMs) {
    const before = flow?.messages.length ?? 0
    flow = await readLive(client, id)
    if (flow !== undefined && flow.messages.length !== before) endsMs = clock.now() + idleMs
    await clock.sleep(pollMs, signal).catch(() => undefined)
  }
  return flow
}

/** The flow with this key. An id of the shop begins with the key and a dot. */
async function readLive(client: ApiClient, id: string): Promise<FlowRecord | undefined> {
  const dot = id.lastIndexOf('.')
  for (const key of dot > 0 ? [id, id.slice(0, dot)] : [id])
    try {
      return await client.liveFlow(key)
    } catch (error) {
      if (!(error instanceof InputError) || error.status !== 404) throw error
    }
  return undefined
}

async function placeOrder(cli: Cli, client: ApiClient, key: string, sku: string): Promise<void> {
  const { urls } = await client.sandbox()
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
