import { Redis } from 'ioredis'

import { InputError } from '#chaos/lib/errors.ts'

import type { Session } from './run-prompt.ts'
import { splitWords } from './split-words.ts'

/** One connection to the shop's Redis, for a person. */
export async function connectRedis(url: string): Promise<Session> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 3_000,
    commandTimeout: 30_000,
    // A person must know whether a command was sent once: nothing is repeated behind their back.
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectionName: 'unhappy-redis',
  })
  redis.on('error', () => undefined)
  await redis.connect()
  return {
    name: 'redis',
    greeting: 'Commands as in redis-cli: KEYS *, HGETALL key, INFO. exit ends.',
    isComplete: () => true,
    answer: async (line, { json }) => {
      const [command, ...words] = splitWords(line)
      if (command === undefined) throw new InputError('There is no command.')
      const answer = await redis.call(command, ...words)
      return json ? JSON.stringify(answer) : show(answer)
    },
    [Symbol.asyncDispose]: async () => redis.disconnect(),
  }
}

function show(value: unknown, indent = ''): string {
  if (value === null || value === undefined) return '(nil)'
  if (typeof value === 'number') return `(integer) ${value}`
  if (Array.isArray(value)) {
    if (value.length === 0) return '(empty)'
    const digits = String(value.length).length
    return value
      .map((item, index) => {
        const lead = `${String(index + 1).padStart(digits)}) `
        const text = show(item, indent + ' '.repeat(lead.length))
        return (index === 0 ? '' : indent) + lead + text
      })
      .join('\n')
  }
  if (typeof value === 'object')
    return Object.entries(value)
      .map(
        ([key, item], index) => `${index === 0 ? '' : indent}${key}: ${show(item, `${indent}  `)}`,
      )
      .join('\n')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
