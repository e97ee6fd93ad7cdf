import { expect, test } from 'vitest'

import { createLinkLab, dialTo, echo } from './testing/link-lab.ts'

test('a link that is removed while it starts does not listen afterwards', async () => {
  await using lab = await createLinkLab(echo)
  const link = lab.proxy.plane.link('lab')
  link.stop()
  const starting = link.start()
  link.dispose()
  await starting
  expect(link.enabled).toBe(false)
  await expect(dialTo(lab.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('two starts at the same time start the link once', async () => {
  await using lab = await createLinkLab(echo)
  const link = lab.proxy.plane.link('lab')
  link.stop()
  await Promise.all([link.start(), link.start()])
  expect(link.enabled).toBe(true)
})

test('after a hundred concurrent changes, the link has the state of the last one', async () => {
  await using lab = await createLinkLab(echo)
  const changes = Array.from({ length: 100 }, (_, i) =>
    lab.proxy.plane.update('lab', { enabled: i % 2 === 1 }),
  )
  await Promise.all(changes)
  expect(lab.proxy.plane.link('lab').enabled).toBe(true)
  const peer = await lab.dial()
  peer.socket.write('x')
  await peer.received(1)
  expect(peer.text()).toBe('x')
})

test('a disposed data plane leaves no connection and no port', async () => {
  const lab = await createLinkLab(echo)
  const peers = await Promise.all(Array.from({ length: 20 }, () => lab.dial()))
  await lab.toxic('latency', { latency: 60_000 })
  for (const peer of peers) peer.socket.write('x')
  await lab[Symbol.asyncDispose]()
  await Promise.all(peers.map(({ over }) => over))
  await expect(dialTo(lab.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await expect.poll(() => lab.proxy.plane.links.size).toBe(0)
})

test('with keepConnections, a new upstream is only for new connections', async () => {
  await using lab = await createLinkLab(echo)
  await using other = await createLinkLab((socket) => socket.end('other'))
  const old = await lab.dial()
  const upstream = `127.0.0.1:${other.port}`
  await lab.proxy.plane.update('lab', { upstream, keepConnections: true })
  old.socket.write('x')
  await old.received(1)
  expect(old.text()).toBe('x')
  const fresh = await lab.dial()
  await fresh.received(5)
  expect(fresh.text()).toBe('other')
})

test('with keepConnections, a link that goes down refuses new connections only', async () => {
  await using lab = await createLinkLab(echo)
  const old = await lab.dial()
  await lab.proxy.plane.update('lab', { enabled: false, keepConnections: true })
  await expect(dialTo(lab.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  old.socket.write('x')
  await old.received(1)
  expect(old.text()).toBe('x')
  await lab.proxy.plane.update('lab', { enabled: false })
  await old.over
})
