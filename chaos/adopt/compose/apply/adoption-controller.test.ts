import { spawn } from 'node:child_process'
import { once } from 'node:events'

import { expect, test } from 'vitest'

import { formatSpace, ownProcessSpace } from '#chaos/lib/process-space.ts'

import { readController, stateOfController, thisController } from './adoption-controller.ts'

const place = { home: '/home', folder: '/shop' }

test('a controller is found alive by its label', async () => {
  const label = JSON.stringify(await thisController(place))
  const controller = readController(label)
  expect(controller).toMatchObject({ pid: process.pid, ...place })
  expect(await stateOfController(controller)).toBe('lives')
})

test('a process that took the pid over is not the controller', async () => {
  expect(await stateOfController({ ...(await thisController(place)), started: '1' })).toBe('gone')
})

test('a process that has ended is gone', async () => {
  const child = spawn('true')
  const { pid = 0 } = child
  await once(child, 'exit')
  expect(await stateOfController({ ...(await thisController(place)), pid })).toBe('gone')
})

test('after a restart of the machine it is gone; in another namespace it is not known', async () => {
  const own = await thisController(place)
  const space = ownProcessSpace()
  const at = async (other: Partial<typeof space>): Promise<string> =>
    await stateOfController({ ...own, space: formatSpace({ ...space, ...other }) })
  expect(await at({ boot: '0badb007' })).toBe('gone')
  expect(await at({ pids: '7' })).toBe('unknown')
  expect(await at({ machine: 'other', boot: '0badb007' })).toBe('unknown')
})

test.each([undefined, '', 'x', '{}'])('the label %j names no controller', async (label) => {
  expect(await stateOfController(readController(label))).toBe('unknown')
})
