import type { TruthCounters } from '#chaos/contracts/truth.ts'

import { defineCommand } from '../command.ts'
import { requireSandbox } from '../sandbox/find.ts'
import { textTable } from '../ui/text-table.ts'

export default defineCommand({
  about:
    'Reads the sources of truth directly, through no link. When the shop is settled, the numbers of paid orders, captured charges and ledger charges must be equal, and no order may be unfinished.',
  examples: ['unhappy truth', 'unhappy truth --json'],
  run: async ({ cli }) => {
    const client = await requireSandbox(cli)
    const truth = await client.truth()
    if (cli.json) return cli.out.line(JSON.stringify(truth))
    const rows = [
      ['Postgres', 'orders', String(truth.orders)],
      ['', 'paid', String(truth.paid)],
      ['', 'unfinished', String(truth.unfinished)],
      ['', 'charges in the ledger', String(truth.ledgerCharges)],
      ['', 'outbox rows to publish', String(truth.outboxWaiting)],
      ['payments', 'captured charges', String(truth.charged)],
      ['queue', 'waiting jobs', String(truth.queueWaiting)],
      ['', 'active jobs', String(truth.queueActive)],
      ['', 'delayed jobs', String(truth.queueDelayed)],
    ]
    const columns = [
      { title: 'source' },
      { title: 'what' },
      { title: 'count', align: 'right' as const },
    ]
    cli.out.line(textTable(columns, rows, { width: cli.out.columns, heading: cli.out.colours.dim }))
    cli.out.line()
    cli.out.line(judgement(truth, cli.out.colours))
  },
})

function judgement(
  truth: TruthCounters,
  colours: {
    green: (t: string) => string
    red: (t: string) => string
    yellow: (t: string) => string
  },
): string {
  const agree = truth.paid === truth.charged && truth.charged === truth.ledgerCharges
  const settled =
    truth.unfinished +
      truth.queueWaiting +
      truth.queueActive +
      truth.queueDelayed +
      truth.outboxWaiting ===
    0
  if (agree)
    return colours.green(
      settled
        ? 'The sources agree, and the shop is settled.'
        : 'The sources agree. Work is still in flight.',
    )
  return settled
    ? colours.red('The sources do not agree, and the shop is settled: the difference will stay.')
    : colours.yellow('The sources do not agree. Work is still in flight.')
}
