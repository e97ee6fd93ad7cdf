import type { TruthCounters } from '#chaos/contracts/truth.ts'

import { defineCommand } from '../command.ts'
import { requireSandbox } from '../sandbox/find.ts'
import { table } from '../ui/table.ts'

export default defineCommand({
  about:
    'Read directly, through no link. When the shop is quiet, paid orders, captured charges and ledger lines must be the same number, and nothing may be unfinished.',
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
      ['queue', 'waiting', String(truth.queueWaiting)],
      ['', 'active', String(truth.queueActive)],
      ['', 'delayed', String(truth.queueDelayed)],
    ]
    const columns = [
      { title: 'source' },
      { title: 'what' },
      { title: 'count', align: 'right' as const },
    ]
    cli.out.line(table(columns, rows, { width: cli.out.columns, heading: cli.out.colours.dim }))
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
  const quiet =
    truth.unfinished +
      truth.queueWaiting +
      truth.queueActive +
      truth.queueDelayed +
      truth.outboxWaiting ===
    0
  if (agree)
    return colours.green(
      quiet ? 'They agree, and the shop is quiet.' : 'They agree so far; work is going on.',
    )
  return quiet
    ? colours.red('They do not agree, and nothing is left that could mend it.')
    : colours.yellow('They do not agree yet; work is going on.')
}
