import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

import { expect, test } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'

import { createRefusing } from './create-refusing.ts'

const clock = { ...systemClock, sleep: async () => await systemClock.sleep(1) }

/** An engine with one container of the service `db`, whose networks change. */
function engineWith(networks: () => readonly string[]) {
  const inspection = () => ({
    Id: 'db1',
    Name: '/p-db-1',
    Config: { Image: 'app', Labels: { 'com.docker.compose.service': 'db' } },
    State: { Running: true, Pid: 1 },
    HostConfig: {},
    Mounts: [],
    NetworkSettings: {
      Networks: Object.fromEntries(
        networks().map((name) => [name, { IPAddress: '127.0.0.1', Aliases: ['db'] }]),
      ),
    },
  })
  return {
    listContainers: async () => [{ Id: 'db1' }],
    getContainer: () => ({ inspect: async () => inspection() }),
  }
}

test('a link refuses until the new container of its callee has joined the network on which the links find it', async () => {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const calls: string[] = []
  try {
    const refusing = createRefusing({
      docker: engineWith(() =>
        calls.length < 3 ? ['p_default'] : ['p_default', 'unhappy_p_db'],
      ) as never,
      plan: {
        project: 'p',
        members: [
          { service: 'db', containers: [], networks: [{ name: 'unhappy_p_db', names: [] }] },
        ],
        links: [{ name: 'web:db', caller: 'web', callee: 'db', port }] as never,
        leftAlone: [],
      },
      control: {
        takeDown: async (link) => void calls.push(`down ${link}`),
        bringUp: async (link) => void calls.push(`up ${link}`),
      },
      clock,
      signal: AbortSignal.timeout(10_000),
    })
    await refusing.service('db')
  } finally {
    server.close()
  }
  expect(calls).toEqual(['down web:db', 'down web:db', 'down web:db', 'up web:db'])
})
