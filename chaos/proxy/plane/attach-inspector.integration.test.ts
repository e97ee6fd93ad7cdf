import { expect, test } from 'vitest'

import { createLinkLab, echo, type LinkLab, type Peer } from '../testing/link-lab.ts'
import type { InspectedConnection, Inspection, InspectionHost, Inspector } from './inspector.ts'

/** An inspection with the test's own inspectors. Every connection of `lab` gets one while inspection is on. */
function inspecting(make: (connection: InspectedConnection) => Partial<Inspector>) {
  const state: { host?: InspectionHost; seen: InspectedConnection[] } = { seen: [] }
  const nothing = (): never => {
    throw new Error('not part of this test')
  }
  const inspection = (host: InspectionHost): Inspection => {
    state.host = host
    return {
      inspect: (connection) => {
        state.seen.push(connection)
        return { ...passing(connection), ...make(connection) }
      },
      heal: () => {},
      linksChanged: () => {},
      arm: nothing,
      disarm: nothing,
      release: nothing,
      traps: nothing,
      tap: nothing,
      untap: nothing,
      counts: nothing,
      linkEvent: () => {},
      record: nothing,
      readRecording: nothing,
      recordedTraffic: nothing,
      endRecording: nothing,
      endRecordings: () => {},
    }
  }
  return { inspection, state }
}

const passing = (connection: InspectedConnection): Inspector => ({
  upstream: (chunk) => connection.forward('upstream', chunk),
  downstream: (chunk) => connection.forward('downstream', chunk),
  ended: (stream) => connection.end(stream),
  leave: () => connection.left(),
  closed: () => {},
})

async function say(peer: Peer, text: string): Promise<string> {
  const before = peer.got.bytes
  peer.socket.write(text)
  await peer.received(before + text.length)
  return peer.text().slice(before)
}

async function labWith(make: Parameters<typeof inspecting>[0]): Promise<{
  lab: LinkLab
  state: ReturnType<typeof inspecting>['state']
}> {
  const { inspection, state } = inspecting(make)
  return { lab: await createLinkLab(echo, { inspection }), state }
}

test('only an inspected link has inspectors; live and new connections get one', async () => {
  const { lab, state } = await labWith(() => ({}))
  await using _lab = lab
  const live = await lab.dial()
  expect(await say(live, 'before')).toBe('before')
  expect(state.seen).toHaveLength(0)
  state.host?.setInspected('lab', true)
  expect(state.seen.map(({ fromStart }) => fromStart)).toEqual([false])
  expect(await say(live, 'while')).toBe('while')
  const fresh = await lab.dial()
  expect(await say(fresh, 'new')).toBe('new')
  expect(state.seen.map(({ fromStart }) => fromStart)).toEqual([false, true])
  state.host?.setInspected('lab', false)
  expect(await say(live, 'after')).toBe('after')
  expect(await say(fresh, 'after')).toBe('after')
})

test('an inspector can hold, drop and inject bytes', async () => {
  const held: Buffer[] = []
  const { lab, state } = await labWith((connection) => ({
    upstream: (chunk) => {
      const text = chunk.toString()
      if (text === 'hold') held.push(chunk)
      else if (text === 'drop') connection.drop('upstream', chunk.length)
      else if (text === 'ask') {
        connection.drop('upstream', chunk.length)
        connection.inject('downstream', Buffer.from('me'))
      } else connection.forward('upstream', chunk)
    },
  }))
  await using _lab = lab
  state.host?.setInspected('lab', true)
  const peer = await lab.dial()
  expect(await say(peer, 'pass')).toBe('pass')
  peer.socket.write('drop')
  await new Promise((resolve) => setTimeout(resolve, 20))
  peer.socket.write('hold')
  await expect.poll(() => held).toHaveLength(1)
  expect(peer.text()).toBe('pass')
  for (const chunk of held) state.seen[0]?.forward('upstream', chunk)
  await peer.received(8)
  peer.socket.write('ask')
  await peer.received(10)
  expect(peer.text()).toBe('passholdme')
})

test('an inspector sees upstream bytes before the toxics and downstream bytes after them', async () => {
  const seen: string[] = []
  const { lab, state } = await labWith((connection) => ({
    upstream: (chunk) => {
      seen.push(`up ${chunk.length}`)
      connection.forward('upstream', chunk)
    },
    downstream: (chunk) => {
      seen.push(`down ${chunk.length}`)
      connection.forward('downstream', chunk)
    },
  }))
  await using _lab = lab
  await lab.toxic('slicer', { average_size: 1, delay: 1_000 }, { stream: 'downstream' })
  state.host?.setInspected('lab', true)
  expect(await say(await lab.dial(), 'abc')).toBe('abc')
  expect(seen).toEqual(['up 3', 'down 1', 'down 1', 'down 1'])
})

test('cut resets both sides and calls closed(); silence leaves both sides open without data', async () => {
  const gone: string[] = []
  const { lab, state } = await labWith((connection) => ({
    upstream: (chunk) => {
      const text = chunk.toString()
      if (text === 'cut') connection.cut()
      else if (text.startsWith('silence')) connection.silence()
      else connection.forward('upstream', chunk)
    },
    closed: () => void gone.push('gone'),
  }))
  await using _lab = lab
  state.host?.setInspected('lab', true)
  const cut = await lab.dial()
  cut.socket.write('cut')
  expect((await cut.over).how).toBe('ECONNRESET')
  expect(gone).toEqual(['gone'])
  const silent = await lab.dial()
  expect(await say(silent, 'hello')).toBe('hello')
  silent.socket.write('silence')
  silent.socket.write('anybody?')
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(silent.text()).toBe('hello')
  expect(silent.socket.readyState).toBe('open')
})

test('an inspector that throws is removed, the bytes pass, and an opaque event is emitted', async () => {
  const { lab, state } = await labWith((connection) => ({
    upstream: (chunk) => {
      connection.forward('upstream', chunk.subarray(0, 2))
      throw new Error('a bug')
    },
  }))
  await using _lab = lab
  state.host?.setInspected('lab', true)
  const peer = await lab.dial()
  expect(await say(peer, 'hello')).toBe('hello')
  expect(await say(peer, 'again')).toBe('again')
  expect(lab.events.filter(({ what }) => what === 'opaque')).toEqual([
    {
      type: 'link',
      link: 'lab',
      what: 'opaque',
      connection: 1,
      detail: 'the inspector failed: a bug',
    },
  ])
})

test('an inspector that holds bytes can leave later', async () => {
  let held: Buffer | undefined
  const { lab, state } = await labWith((connection) => ({
    upstream: (chunk) => {
      held = chunk
    },
    leave: () => {
      setTimeout(() => {
        connection.forward('upstream', held ?? Buffer.alloc(0))
        connection.left()
      }, 50)
    },
  }))
  await using _lab = lab
  state.host?.setInspected('lab', true)
  const peer = await lab.dial()
  peer.socket.write('late')
  await expect.poll(() => held).toBeDefined()
  state.host?.setInspected('lab', false)
  await peer.received(4)
  expect(await say(peer, 'free')).toBe('free')
})

test('recent bytes are kept only on links with a protocol', async () => {
  const { inspection, state } = inspecting(() => ({}))
  await using lab = await createLinkLab(echo, { inspection })
  const upstream = lab.proxy.plane.link('lab').upstream
  const { body } = await lab.api('POST', '/proxies', { name: 'known', upstream, protocol: 'redis' })
  const port = Number((body as { listen: string }).listen.split(':').at(-1))
  const { dialTo } = await import('../testing/link-lab.ts')
  const peer = await dialTo(port)
  await say(peer, 'a message longer than sixteen')
  state.host?.setInspected('known', true)
  const recent = state.seen[0]?.recent
  expect(recent?.last).toBe('downstream')
  expect(recent?.tail('upstream').toString()).toBe('ger than sixteen')
  expect(recent?.quietMs).toBeGreaterThanOrEqual(0)
  const plain = await lab.dial()
  await say(plain, 'hello')
  state.host?.setInspected('lab', true)
  expect(state.seen[1]?.recent.last).toBeUndefined()
})
