import { defineCommand } from '../../command.ts'
import { requireSandbox } from '../../sandbox/find.ts'
import { textTable } from '../../ui/text-table.ts'

export default defineCommand({
  examples: ['unhappy profile list', 'unhappy profile list --json'],
  run: async ({ cli }) => {
    const client = await requireSandbox(cli)
    const profiles = await client.profiles()
    if (cli.json) return cli.out.line(JSON.stringify(profiles))
    const rows = profiles.map(({ name, on, holders, parts, description }) => [
      name,
      on ? `on (${holders.join(', ')})` : 'off',
      parts.join(', '),
      description,
    ])
    const columns = ['profile', 'state', 'parts', 'what it adds'].map((title) => ({ title }))
    cli.out.line(textTable(columns, rows, { width: cli.out.columns, heading: cli.out.colours.dim }))
  },
})
