import { setTimeout as sleep } from 'node:timers/promises'

import { Client } from 'pg'

export async function watchReturns(
  url: string,
  refresh: () => Promise<void>,
  warn: (error: unknown) => void,
): Promise<never> {
  for (;;) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 3_000 })
    const ended = new Promise<void>((resolve) => {
      client.once('end', () => resolve())
    })
    client.on('error', warn)
    client.on('notification', () => {
      refresh().catch(warn)
    })
    try {
      await client.connect()
      await client.query('LISTEN returned')
      await refresh()
      await ended
    } catch (error) {
      warn(error)
      client.end().catch(warn)
    }
    await sleep(2_000)
  }
}
