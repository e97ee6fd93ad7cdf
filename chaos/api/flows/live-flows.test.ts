import { expect, test, vi } from 'vitest'

import { createFakeSandbox } from '#chaos/engine/testing/fake-sandbox.ts'

import { createLiveFlows } from './live-flows.ts'

const key = 'o-1-000001'
const message = {
  type: 'exchange',
  link: 'client:api-1',
  connection: 1,
  exchange: 1,
  part: 'request',
  signature: 'POST /orders',
  transaction: key,
  bytes: 10,
  atMs: 500,
  sentMs: 500,
  deliveredMs: 501,
} as const

test('the first call begins to record; a flow counts from its own first message', async () => {
  const { sandbox, links } = await createFakeSandbox()
  await using _sandbox = sandbox
  await using live = createLiveFlows(sandbox)
  sandbox.journal.note('info', 'begins')
  await expect(live.get(key)).rejects.toMatchObject({
    status: 404,
    remedy: expect.stringContaining('just begun'),
  })
  links.recorded.push(message)
  expect(await live.get(key)).toMatchObject({
    id: key,
    fromMs: 0,
    messages: [{ from: 'client', to: 'api-1', sentMs: 0, arrivedMs: 1 }],
  })
})

test('one recording serves many calls, and it ends when no call comes', async () => {
  const { sandbox, clock } = await createFakeSandbox()
  await using _sandbox = sandbox
  const record = vi.spyOn(sandbox.links, 'record')
  await using live = createLiveFlows(sandbox)
  const ask = async () => await live.get(key).catch(() => undefined)
  await ask()
  await clock.advance(100_000)
  await ask()
  await clock.advance(100_000)
  await ask()
  expect(record).toHaveBeenCalledTimes(1)
  await clock.advance(121_000)
  await ask()
  expect(record).toHaveBeenCalledTimes(2)
})
