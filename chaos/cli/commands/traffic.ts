import type { TrafficRates } from '#chaos/contracts/api.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { asTyped } from '../as-typed.ts'
import { defineCommand } from '../command.ts'
import { requireSandbox } from '../sandbox/find.ts'

const usual: TrafficRates = {
  ordersPerSecond: 5,
  browsePerSecond: 10,
  quotesPerSecond: 2,
  readOrdersPerSecond: 3,
}

export default defineCommand({
  about:
    'Goes on until it is stopped, a run begins or the sandbox goes down. Charts and sources of truth then have something to show.',
  args: {
    stop: { type: 'boolean', description: 'Send the customers home.' },
    orders: { type: 'string', description: `Orders a second (${usual.ordersPerSecond}).` },
    browse: { type: 'string', description: `Product pages a second (${usual.browsePerSecond}).` },
    quotes: { type: 'string', description: `Quotes a second (${usual.quotesPerSecond}).` },
    reads: {
      type: 'string',
      description: `Reads of orders a second (${usual.readOrdersPerSecond}).`,
    },
  },
  examples: ['unhappy traffic', 'unhappy traffic --orders 20 --quotes 0', 'unhappy traffic --stop'],
  run: async ({ args, cli }) => {
    const rates: TrafficRates = {
      ordersPerSecond: rateOf('orders', args.orders, usual.ordersPerSecond),
      browsePerSecond: rateOf('browse', args.browse, usual.browsePerSecond),
      quotesPerSecond: rateOf('quotes', args.quotes, usual.quotesPerSecond),
      readOrdersPerSecond: rateOf('reads', args.reads, usual.readOrdersPerSecond),
    }
    const client = await requireSandbox(cli)
    if (args.stop === true) {
      await client.stopTraffic()
      cli.out.line(cli.json ? JSON.stringify({ traffic: null }) : 'No more customers.')
      return
    }
    const traffic = await client.sendTraffic(rates)
    if (cli.json) return cli.out.line(JSON.stringify({ traffic }))
    const { ordersPerSecond, browsePerSecond, quotesPerSecond, readOrdersPerSecond } = traffic
    cli.out.line(
      `Customers come: ${ordersPerSecond} orders, ${browsePerSecond} product pages, ${quotesPerSecond} quotes and ${readOrdersPerSecond} reads of orders a second.`,
    )
    cli.out.line(asTyped('Send them home: unhappy traffic --stop', cli.program))
  },
})

function rateOf(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  const rate = Number(text.replace(/\/s$/, ''))
  if (text.trim() === '' || !(rate >= 0 && rate <= 200))
    throw new InputError(`--${option} is "${text}".`, {
      remedy: 'Give a number a second from 0 to 200, such as 20.',
    })
  return rate
}
