import { expect, test } from 'vitest'

import type { ExchangeEvent } from '#chaos/contracts/links.ts'

import { createLinkControl } from '../client/link-control.ts'
import { createLinkLab, dialTo, echo } from '../testing/link-lab.ts'
import { findMessages } from './find-messages.ts'

const latencyMs = 40

/** The callee repeats every request, which is also a valid reply. */
const message = '*1\r\n$11\r\no-7f-000017\r\n'

const limits = { expiresInMs: 60_000, messagesMax: 100, bytesMax: 100_000 }

async function recordingLab() {
  const lab = await createLinkLab(echo)
  const upstream = lab.proxy.plane.link('lab').upstream
  const link = { name: 'redis', upstream, protocol: 'redis' }
  const { body } = await lab.api('POST', '/proxies', link)
  const peer = await dialTo(Number((body as { listen: string }).listen.split(':').at(-1)))
  const ask = async (): Promise<void> => {
    const before = peer.got.bytes
    peer.socket.write(message)
    await peer.received(before + message.length)
  }
  const start = async (): Promise<string> =>
    ((await lab.api('POST', '/recordings', limits)).body as { id: string }).id
  const read = async (id: string): Promise<ExchangeEvent[]> => {
    const text = await (await fetch(`${lab.proxy.url}/recordings/${id}`)).text()
    // The last line is the state.
    const lines = text.trimEnd().split('\n').slice(0, -1)
    return lines.map((line) => JSON.parse(line) as ExchangeEvent)
  }
  const slowReplies = async (): Promise<void> => {
    const toxic = { type: 'latency', stream: 'downstream', attributes: { latency: latencyMs } }
    await lab.api('POST', '/proxies/redis/toxics', toxic)
  }
  return { lab, ask, start, read, slowReplies }
}

test('a message that nothing delays is delivered when it is sent; reading twice repeats nothing', async () => {
  const { lab, ask, start, read } = await recordingLab()
  await using _lab = lab
  const id = await start()
  await ask()
  const messages = await read(id)
  expect(messages.map(({ part }) => part)).toEqual(['request', 'reply'])
  for (const { sentMs, deliveredMs } of messages) expect(deliveredMs).toBe(sentMs)
  await ask()
  expect((await read(id)).map(({ exchange }) => exchange)).toEqual([1, 1, 2, 2])
})

test('the traffic of a recording has the same messages, found later in another process', async () => {
  const { lab, ask } = await recordingLab()
  await using _lab = lab
  await using recording = await createLinkControl(lab.proxy.url).record(limits)
  await ask()
  const { blocks, missed } = await recording.traffic()
  expect(missed).toBe(0)
  const found = await findMessages(Buffer.concat(blocks), limits, ['o-7f-000017'])
  const { lines } = await recording.read()
  expect(found.messages.map((message) => `${JSON.stringify(message)}\n`).join('')).toBe(lines)
  expect(found.messages.map(({ part }) => part)).toEqual(['request', 'reply'])
})

test('a client that reads an ended recording receives what the data plane says', async () => {
  const { lab } = await recordingLab()
  await using _lab = lab
  const links = createLinkControl(lab.proxy.url)
  const recording = await links.record(limits)
  await recording[Symbol.asyncDispose]()
  await expect(recording.read()).rejects.toMatchObject({
    status: 404,
    message: expect.stringMatching(/^Data plane: GET [^:]+: [^{]*recording-1[^{]*$/),
  })
})

test('a reply that a toxic delays was sent earlier than it was delivered', async () => {
  const { lab, ask, start, read, slowReplies } = await recordingLab()
  await using _lab = lab
  const id = await start()
  await slowReplies()
  await ask()
  const [, reply] = await read(id)
  expect((reply?.deliveredMs ?? 0) - (reply?.sentMs ?? 0)).toBeGreaterThanOrEqual(latencyMs - 1)
})

test('a trap on the link changes nothing in the recording of a connection', async () => {
  const { lab, ask, start, read, slowReplies } = await recordingLab()
  await using _lab = lab
  await slowReplies()
  const id = await start()
  await ask()
  const armed = await lab.api('POST', '/traps', {
    id: 'trap',
    links: ['redis'],
    exchange: 'FLUSHALL',
    nth: 1,
    phase: 'after',
    then: { do: 'deliver' },
    expiresInMs: 60_000,
  })
  expect(armed.status).toBeLessThan(300)
  await ask()
  await lab.api('DELETE', '/traps/trap')
  await ask()
  const messages = await read(id)
  expect(messages.map(({ exchange, part }) => `${exchange} ${part}`)).toEqual([
    '1 request',
    '1 reply',
    '2 request',
    '2 reply',
    '3 request',
    '3 reply',
  ])
  const replies = messages.filter(({ part }) => part === 'reply')
  for (const { sentMs = 0, deliveredMs = 0 } of replies)
    expect(deliveredMs - sentMs).toBeGreaterThanOrEqual(latencyMs - 1)
})
