import { defineCommand } from '../command.ts'
import { runPrompt } from '../prompt/run-prompt.ts'
import { openSqlSession } from '../prompt/sql-session.ts'
import { reachableStore } from '../sandbox/reachable-urls.ts'

export default defineCommand({
  about:
    'Connects to Postgres directly, through no link, so faults on links do not affect what you read. Without a statement it opens a prompt.',
  args: {
    statement: {
      type: 'positional',
      required: false,
      description: 'One SQL statement, in quotes.',
    },
  },
  examples: [
    'unhappy sql',
    'unhappy sql "SELECT status, count(*) FROM orders GROUP BY status"',
    String.raw`unhappy sql '\d orders'`,
  ],
  run: async ({ args, cli }) => {
    await using session = await openSqlSession(cli, await reachableStore(cli, 'postgres'))
    return await runPrompt(cli, session, args.statement)
  },
})
