import { defineCommand } from '../../command.ts'
import { requireSandbox } from '../../sandbox/find.ts'
import { textTable } from '../../ui/text-table.ts'

export default defineCommand({
  examples: ['unhappy trap list', 'unhappy trap list --json'],
  run: async ({ cli }) => {
    const client = await requireSandbox(cli)
    const traps = await client.traps()
    if (cli.json) return cli.out.line(JSON.stringify(traps))
    if (traps.length === 0) return cli.out.line('No trap is armed, and none has sprung or expired.')
    const rows = traps.map(({ order, state, seen }) => [
      order.id,
      state,
      `${seen} of ${order.nth}`,
      `${order.phase} ${order.exchange}`,
      order.then.do,
      order.links.join(', '),
      order.transaction ?? '',
    ])
    const columns = ['trap', 'state', 'seen', 'message', 'action', 'links', 'order'].map(
      (title) => ({
        title,
      }),
    )
    cli.out.line(textTable(columns, rows, { width: cli.out.columns, heading: cli.out.colours.dim }))
  },
})
