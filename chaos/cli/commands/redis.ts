import { defineCommand } from '../command.ts'
import { connectRedis } from '../prompt/redis-session.ts'
import { runPrompt } from '../prompt/run-prompt.ts'
import { ownUrls } from '../sandbox/own-urls.ts'

export default defineCommand({
  about: 'Straight to Redis, through no link. Without a command: a prompt.',
  args: {
    command: { type: 'positional', required: false, description: 'One command, in quotes.' },
  },
  examples: [
    'unhappy redis',
    "unhappy redis 'KEYS *'",
    "unhappy redis 'LRANGE bull:orders:wait 0 -1'",
  ],
  run: async ({ args, cli }) => {
    const urls = await ownUrls(cli)
    await using session = await connectRedis(urls.redis)
    return await runPrompt(cli, session, args.command)
  },
})
