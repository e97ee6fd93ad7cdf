import { expect, test } from 'vitest'

import type { DirectSocket } from '../plan/connections.ts'
import { cutConnections } from './cut-connections.ts'

const socket = (key: string, more: Partial<DirectSocket> = {}): DirectSocket => ({
  key,
  caller: 'web',
  callee: 'db',
  port: 5432,
  address: '10.0.0.3:5432',
  container: 'web1',
  ...more,
})

async function cutWith(direct: readonly DirectSocket[], afterwards: readonly DirectSocket[]) {
  const ended: [string, readonly string[]][] = []
  const cut = await cutConnections(direct, {
    endIn: async (container, addresses) => void ended.push([container, addresses]),
    find: async () => afterwards,
  })
  return { ended, ...cut }
}

test('cuts each address once in its caller, and no connection of an unknown caller', async () => {
  const host = { ...socket('c'), caller: 'host' }
  delete (host as { container?: string }).container
  const { ended, cut, uncut, open } = await cutWith([socket('a'), socket('b'), host], [host])
  expect(ended).toEqual([['web1', ['10.0.0.3:5432']]])
  expect([cut, uncut]).toEqual([2, []])
  expect(open).toEqual([host])
})

test('a connection that is still the same one was not cut by this kernel', async () => {
  const { cut, uncut } = await cutWith([socket('a'), socket('b')], [socket('a'), socket('b')])
  expect(cut).toBe(0)
  expect(uncut.map(({ key }) => key)).toEqual(['a', 'b'])
})

test('a new connection to the same address was opened after the cut', async () => {
  const { cut, uncut, open } = await cutWith([socket('a')], [socket('later')])
  expect([cut, uncut]).toEqual([1, []])
  expect(open.map(({ key }) => key)).toEqual(['later'])
})

test('through a published port, the own end of the caller shows whether it was cut: the end of the host may stay', async () => {
  const [was, is] = ['web 1', 'web 2'].map((callerKey) => socket('host 1', { callerKey }))
  expect(await cutWith([was as DirectSocket], [is as DirectSocket])).toMatchObject({
    cut: 1,
    uncut: [],
  })
  expect(await cutWith([was as DirectSocket], [was as DirectSocket])).toMatchObject({ cut: 0 })
})
