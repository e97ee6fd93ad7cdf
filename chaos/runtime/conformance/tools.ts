import { connect } from 'node:net'

import { Redis } from 'ioredis'
import { Client } from 'pg'

import type { LogLine, Runtime } from '#chaos/contracts/runtime.ts'

/** What the runtime says of one instance. */
export async function statusOf(runtime: Runtime, name: string) {
  const found = (await runtime.status()).find((status) => status.name === name)
  if (found === undefined) throw new Error(`${name} is not in the status`)
  return found
}

/** Its state alone. */
export async function stateOf(runtime: Runtime, name: string) {
  return (await statusOf(runtime, name)).state
}

/** How often the supervisor has started it. */
export async function restartsOf(runtime: Runtime, name: string) {
  return (await statusOf(runtime, name)).restarts
}

/** The HTTP status, or `silent` when no answer comes in time. */
export async function getStatus(url: string, timeoutMs = 5_000): Promise<number | 'silent'> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    await response.arrayBuffer()
    return response.status
  } catch (error) {
    if (error instanceof DOMException && error.name === 'TimeoutError') return 'silent'
    throw error
  }
}

/** Whether somebody listens there. */
export async function connects(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  return await new Promise((resolve) => {
    const socket = connect(Number(port), hostname)
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

/** One statement on a connection of its own. */
export async function query(connectionString: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

/** 1, when the database answers. */
export async function selectOne(connectionString: string): Promise<unknown> {
  const [row] = (await query(connectionString, 'SELECT 1 AS one')) as { one: number }[]
  return row?.one
}

/** One command on a connection of its own. */
export async function command<T>(url: string, act: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: null })
  try {
    return await act(redis)
  } finally {
    redis.disconnect()
  }
}

/** `PONG`, when Redis answers. */
export async function ping(url: string): Promise<string> {
  return await command(url, async (redis) => await redis.ping())
}

/** Everything that comes until it ends. */
export async function collect(lines: AsyncIterable<LogLine>): Promise<LogLine[]> {
  const all: LogLine[] = []
  for await (const line of lines) all.push(line)
  return all
}
