import { expect, test } from 'vitest'

import { createLinkLab, echo } from './testing/link-lab.ts'

const name = 'n1x2y3'

async function readAll(lab: Awaited<ReturnType<typeof createLinkLab>>): Promise<string> {
  const paths = ['/proxies', '/proxies/lab', '/proxies/lab/toxics', '/links', '/metrics']
  const texts = await Promise.all(
    paths.map(async (path) => await (await fetch(lab.proxy.url + path)).text()),
  )
  return texts.join('\n')
}

test('a hidden toxic acts, and no view, metric or event shows it', async () => {
  await using lab = await createLinkLab(echo)
  const before = await readAll(lab)
  expect(before).toContain('unhappy_link_toxics{proxy="lab"} 0')
  await lab.toxic('latency', { latency: 150 }, { name, hidden: true, expiresInMs: 60_000 })
  const peer = await lab.dial()
  const startMs = performance.now()
  peer.socket.write('x')
  expect((await peer.received(1)) - startMs).toBeGreaterThan(140)
  const after = await readAll(lab)
  expect(after).not.toContain(name)
  expect(after).not.toContain('latency')
  expect(after).toContain('unhappy_link_toxics{proxy="lab"} 0')
  expect(JSON.stringify(lab.events)).not.toContain('toxic')
})

test('only its name removes a hidden toxic before its lease ends, and a reset heals it silently', async () => {
  await using lab = await createLinkLab(echo)
  await lab.toxic('noop', {}, { name, hidden: true })
  expect((await lab.api('DELETE', `/proxies/lab/toxics/${name}`)).status).toBe(204)
  await lab.toxic('noop', {}, { name, hidden: true })
  await lab.toxic('noop', {}, { name: 'seen' })
  expect([...lab.proxy.plane.link('lab').toxics].map((toxic) => toxic.name)).toEqual([name, 'seen'])
  expect((await lab.api('POST', '/reset')).status).toBe(204)
  expect([...lab.proxy.plane.link('lab').toxics]).toEqual([])
  expect(JSON.stringify(lab.events)).not.toContain(name)
})

test('a lease that ends removes a hidden toxic without an event', async () => {
  await using lab = await createLinkLab(echo)
  await lab.toxic('latency', { latency: 60_000 }, { name, hidden: true, expiresInMs: 200 })
  const peer = await lab.dial()
  peer.socket.write('x')
  await peer.received(1)
  expect([...lab.proxy.plane.link('lab').toxics]).toEqual([])
  expect(JSON.stringify(lab.events)).not.toContain('toxic')
})
