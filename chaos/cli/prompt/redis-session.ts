import { Redis } from 'ioredis'

import { InputError } from '#chaos/lib/errors.ts'
import { redisReplyText } from '#chaos/lib/redis/redis-reply-text.ts'
import { splitWords } from '#chaos/lib/redis/split-words.ts'

import type { PromptSession } from './run-prompt.ts'

/** Opens one connection to the shop's Redis. */
export async function openRedisSession(url: string): Promise<PromptSession> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 3_000,
    commandTimeout: 30_000,
    // No automatic retry: the user must know how often a command was sent.
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectionName: 'unhappy-redis',
  })
  redis.on('error', () => undefined)
  await redis.connect()
  return {
    name: 'redis',
    greeting: 'Type commands as in redis-cli: KEYS *, HGETALL key, INFO. Type exit to leave.',
    isComplete: () => true,
    execute: async (line, { json }) => {
      const [command, ...words] = splitWords(line)
      if (command === undefined)
        throw new InputError('The command is empty.', {
          remedy: 'Type a Redis command, for example PING.',
        })
      const reply = await redis.call(command, ...words)
      return json ? JSON.stringify(reply) : redisReplyText(reply)
    },
    [Symbol.asyncDispose]: async () => redis.disconnect(),
  }
}
