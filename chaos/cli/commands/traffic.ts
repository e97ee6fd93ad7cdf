import type { TrafficRates } from '#chaos/contracts/api.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { defineCommand } from '../command.ts'
import { withProgramName } from '../program-name.ts'
import { requireSandbox } from '../sandbox/find.ts'

const defaultRates = {
  ordersPerSecond: 5,
  browsePerSecond: 10,
  quotesPerSecond: 2,
  readOrdersPerSecond: 3,
} satisfies TrafficRates

export default defineCommand({
  about:
    'The sandbox sends the requests until you stop them, a run begins or the sandbox stops. Charts and sources of truth then have data to show.',
  args: {
    stop: { type: 'boolean', description: 'Stop the requests.' },
    orders: {
      type: 'string',
      description: `Orders per second. Default: ${defaultRates.ordersPerSecond}.`,
    },
    browse: {
      type: 'string',
      description: `Browse requests per second. Default: ${defaultRates.browsePerSecond}.`,
    },
    quotes: {
      type: 'string',
      description: `Quote requests per second. Default: ${defaultRates.quotesPerSecond}.`,
    },
    reads: {
      type: 'string',
      description: `Requests per second that read an order. Default: ${defaultRates.readOrdersPerSecond}.`,
    },
  },
  examples: ['unhappy traffic', 'unhappy traffic --orders 20 --quotes 0', 'unhappy traffic --stop'],
  run: async ({ args, cli }) => {
    const rates: TrafficRates = {
      ordersPerSecond: rateOf('orders', args.orders, defaultRates.ordersPerSecond),
      browsePerSecond: rateOf('browse', args.browse, defaultRates.browsePerSecond),
      quotesPerSecond: rateOf('quotes', args.quotes, defaultRates.quotesPerSecond),
      readOrdersPerSecond: rateOf('reads', args.reads, defaultRates.readOrdersPerSecond),
    }
    const client = await requireSandbox(cli)
    if (args.stop === true) {
      await client.stopTraffic()
      cli.out.line(
        cli.json ? JSON.stringify({ traffic: null }) : 'The client requests have stopped.',
      )
      return
    }
    const traffic = await client.sendTraffic(rates)
    if (cli.json) return cli.out.line(JSON.stringify({ traffic }))
    const { ordersPerSecond, browsePerSecond, quotesPerSecond, readOrdersPerSecond } =
      traffic as typeof defaultRates
    cli.out.line(
      `The client sends per second: ${ordersPerSecond} orders, ${browsePerSecond} browse requests, ${quotesPerSecond} quote requests, ${readOrdersPerSecond} reads of orders.`,
    )
    cli.out.line(withProgramName('Stop it: unhappy traffic --stop', cli.program))
  },
})

function rateOf(option: string, text: string | undefined, defaultRate: number): number {
  if (text === undefined) return defaultRate
  const rate = Number(text.replace(/\/s$/, ''))
  if (text.trim() === '' || !(rate >= 0 && rate <= 200))
    throw new InputError(`"${text}" is not a valid rate.`, {
      remedy: `Use a number per second from 0 to 200, for example --${option} 20.`,
    })
  return rate
}
