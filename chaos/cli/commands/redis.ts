import { defineCommand } from '../command.ts'
import { openRedisSession } from '../prompt/redis-session.ts'
import { runPrompt } from '../prompt/run-prompt.ts'
import { reachableStore } from '../sandbox/reachable-urls.ts'

export default defineCommand({
  about: 'Connects to Redis directly, through no link. Without a command it opens a prompt.',
  args: {
    command: { type: 'positional', required: false, description: 'One Redis command, in quotes.' },
  },
  examples: [
    'unhappy redis',
    "unhappy redis 'KEYS *'",
    "unhappy redis 'LRANGE bull:orders:wait 0 -1'",
  ],
  run: async ({ args, cli }) => {
    await using session = await openRedisSession(await reachableStore(cli, 'redis'))
    return await runPrompt(cli, session, args.command)
  },
})
