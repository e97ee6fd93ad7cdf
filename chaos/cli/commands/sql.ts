import { defineCommand } from '../command.ts'
import { runPrompt } from '../prompt/run-prompt.ts'
import { connectSql } from '../prompt/sql-session.ts'
import { ownUrls } from '../sandbox/own-urls.ts'

export default defineCommand({
  about:
    'Straight to the database, through no link: what you see is true while a fault is on. Without a statement: a prompt.',
  args: {
    statement: { type: 'positional', required: false, description: 'One statement, in quotes.' },
  },
  examples: [
    'unhappy sql',
    'unhappy sql "SELECT status, count(*) FROM orders GROUP BY status"',
    String.raw`unhappy sql '\d orders'`,
  ],
  run: async ({ args, cli }) => {
    const urls = await ownUrls(cli)
    await using session = await connectSql(cli, urls.postgres)
    return await runPrompt(cli, session, args.statement)
  },
})
