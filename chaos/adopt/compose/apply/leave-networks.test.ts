import { expect, test } from 'vitest'

import type { Docker } from '#chaos/runtime/docker/engine/connect-engine.ts'

import { leaveNetworks } from './leave-networks.ts'

/** An engine with one container. While it waits to restart, it cannot leave a network: as the real engine, this answers 500. */
function engineOf(given: { state: string; endsDuringDisconnect?: boolean }) {
  const joined = new Set(['n1', 'n2'])
  const calls: string[] = []
  let { state } = given
  const docker = {
    listContainers: async ({ filters }: { filters: { network: string[] } }) =>
      filters.network.some((network) => joined.has(network)) ? [{ Id: 'loop', State: state }] : [],
    getContainer: () => ({
      stop: async () => {
        calls.push('stop')
        state = 'exited'
      },
      start: async () => {
        calls.push('start')
        state = 'running'
      },
    }),
    getNetwork: (network: string) => ({
      disconnect: async () => {
        calls.push(`leave ${network}`)
        if (given.endsDuringDisconnect === true && state === 'running') state = 'restarting'
        if (state === 'restarting')
          throw Object.assign(new Error(`container loop is not connected to network ${network}`), {
            statusCode: 500,
          })
        joined.delete(network)
      },
    }),
  } as unknown as Docker
  return { docker, joined, calls }
}

test('a container that runs leaves all networks and is not restarted', async () => {
  const { docker, joined, calls } = engineOf({ state: 'running' })
  await leaveNetworks(docker, ['n1', 'n2'])
  expect([...joined]).toEqual([])
  expect(calls).toEqual(['leave n1', 'leave n2'])
})

test('a container that crashes in a loop leaves all networks, and starts again', async () => {
  const { docker, joined, calls } = engineOf({ state: 'restarting' })
  await leaveNetworks(docker, ['n1', 'n2'])
  expect([...joined]).toEqual([])
  expect(calls).toEqual(['stop', 'leave n1', 'leave n2', 'start'])
})

test('a container that crashes meanwhile leaves with the next attempt', async () => {
  const { docker, joined, calls } = engineOf({ state: 'running', endsDuringDisconnect: true })
  await leaveNetworks(docker, ['n1'])
  expect(joined).toEqual(new Set(['n2']))
  expect(calls).toEqual(['leave n1', 'stop', 'leave n1', 'start'])
})
