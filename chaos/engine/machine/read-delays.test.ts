import { expect, test } from 'vitest'

import { system } from '#chaos/system.ts'

import { readDelays } from './read-delays.ts'

const addresses = { http: (name: string) => `http://${name}`, proxyUrl: 'http://links' }

test('reads the longest delay of each instance and of the links; what does not respond is left out', async () => {
  const pages: Readonly<Record<string, string>> = {
    'http://api-1/metrics':
      '# HELP x\nnodejs_eventloop_lag_max_seconds 0.26\nnodejs_eventloop_lag_mean_seconds 0.01\n',
    'http://api-2/metrics': 'nodejs_eventloop_lag_max_seconds Nan\n',
    'http://worker-1/metrics': 'nodejs_eventloop_lag_max_seconds 0.005\n',
    'http://links/metrics': 'unhappy_timer_late_max_seconds 0.0314\n',
  }
  const { instances, linksMs } = await readDelays(system.topology, addresses, async (url) => {
    const page = pages[url]
    if (page === undefined) throw new Error('no response')
    return page
  })
  expect([...instances]).toEqual([
    ['api-1', 250],
    ['worker-1', 0],
  ])
  expect(linksMs).toBe(31)
})

test('nothing is known where nothing responds', async () => {
  const fail = async (): Promise<string> => await Promise.reject(new Error('no response'))
  expect(await readDelays(system.topology, addresses, fail)).toEqual({ instances: new Map() })
})
