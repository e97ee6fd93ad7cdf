import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

import { expect, test } from 'vitest'

import type { StoreKind } from '#chaos/contracts/topology.ts'

import { storeServes } from './store-accepts.ts'

/** Whether a store that answers like this serves clients. No answer: it ends the connection. */
async function serves(store: StoreKind, answer: string): Promise<boolean> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(answer))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const found = await storeServes({ store, host: '127.0.0.1', port, databaseName: 'postgres' })
  server.close()
  await once(server, 'close')
  return found
}

test('a store that asks who is there serves', async () => {
  expect(await serves('redis', '+PONG\r\n')).toBe(true)
  expect(await serves('redis', '-NOAUTH Authentication required.\r\n')).toBe(true)
  expect(await serves('postgres', 'R\0\0\0\x08')).toBe(true)
  expect(await serves('postgres', 'E\0\0\0\x40SFATAL\0C28000\0Mno pg_hba.conf entry\0\0')).toBe(
    true,
  )
})

test('a store that says that it is starting, or says nothing, does not', async () => {
  expect(await serves('redis', '-LOADING Redis is loading the dataset in memory\r\n')).toBe(false)
  expect(await serves('postgres', 'E\0\0\0\x40SFATAL\0C57P03\0Mstarting up\0\0')).toBe(false)
  expect(await serves('postgres', '')).toBe(false)
})
