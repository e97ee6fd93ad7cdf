import { Redis } from 'ioredis'

import { InputError } from '#chaos/lib/errors.ts'

import type { PromptSession } from './run-prompt.ts'
import { splitWords } from './split-words.ts'

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
      return json ? JSON.stringify(reply) : replyText(reply)
    },
    [Symbol.asyncDispose]: async () => redis.disconnect(),
  }
}

function replyText(value: unknown, indent = ''): string {
  if (value === null || value === undefined) return '(nil)'
  if (typeof value === 'number') return `(integer) ${value}`
  if (Array.isArray(value)) {
    if (value.length === 0) return '(empty)'
    const digits = String(value.length).length
    return value
      .map((item, index) => {
        const lead = `${String(index + 1).padStart(digits)}) `
        const text = replyText(item, indent + ' '.repeat(lead.length))
        return (index === 0 ? '' : indent) + lead + text
      })
      .join('\n')
  }
  if (typeof value === 'object')
    return Object.entries(value)
      .map(
        ([key, item], index) =>
          `${index === 0 ? '' : indent}${key}: ${replyText(item, `${indent}  `)}`,
      )
      .join('\n')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
