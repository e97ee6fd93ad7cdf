import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

import { expect, onTestFinished, test, vi } from 'vitest'

import type { LinkControl } from '#chaos/contracts/links.ts'

import { createLinkControl } from './client/link-control.ts'
import type { DataPlaneEvent } from './plane/event-hub.ts'
import { runProxy } from './run-proxy.ts'
import { createLinkLab, echo, type LinkLab } from './testing/link-lab.ts'

const toxicNames = (lab: LinkLab): string[] =>
  [...lab.proxy.plane.link('lab').toxics].map(({ name }) => name)

test('a lease that ends removes its toxic, even from live connections, and emits an event', async () => {
  await using lab = await createLinkLab(echo)
  const peer = await lab.dial()
  await lab.toxic('latency', { latency: 60_000 }, { expiresInMs: 200 })
  const start = performance.now()
  peer.socket.write('x')
  expect((await peer.received(1)) - start).toBeGreaterThan(100)
  expect(toxicNames(lab)).toEqual([])
  expect(lab.events).toContainEqual({
    type: 'link',
    link: 'lab',
    what: 'toxic-expired',
    toxic: 'latency_downstream',
    detail: 'its lease is over',
  })
})

test('a lease can be renewed, and the response contains the remaining time', async () => {
  await using lab = await createLinkLab(echo)
  await lab.toxic('noop', {}, { expiresInMs: 30_000 })
  const path = '/proxies/lab/toxics/noop_downstream'
  const renewed = await lab.api('PATCH', path, { expiresInMs: 60_000 })
  const left = (renewed.body as { expiresInMs: number }).expiresInMs
  expect(left).toBeGreaterThan(50_000)
  expect(left).toBeLessThanOrEqual(60_000)
  expect(toxicNames(lab)).toEqual(['noop_downstream'])
})

test('a data plane that never received a heartbeat does not heal by itself', async () => {
  await using lab = await createLinkLab(echo)
  await lab.toxic('noop')
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(toxicNames(lab)).toEqual(['noop_downstream'])
})

test('when the heartbeat stops, everything heals, and events contain the reason', async () => {
  await using lab = await createLinkLab(echo)
  await lab.api('POST', '/heartbeat', { deadAfterMs: 200 })
  await lab.toxic('latency', { latency: 1 })
  await lab.api('PATCH', '/proxies/lab', { enabled: false })
  await vi.waitFor(() => expect(toxicNames(lab)).toEqual([]), { timeout: 2_000 })
  await expect.poll(() => lab.proxy.plane.link('lab').enabled).toBe(true)
  expect(lab.events).toContainEqual(
    expect.objectContaining({ what: 'toxic-expired', detail: 'the heartbeat stopped' }),
  )
})

test('a controller that ends its heartbeat leaves the toxics in place', async () => {
  await using lab = await createLinkLab(echo)
  await lab.api('POST', '/heartbeat', { deadAfterMs: 1_000 })
  await lab.toxic('noop')
  await lab.api('DELETE', '/heartbeat')
  await new Promise((resolve) => setTimeout(resolve, 1_250))
  expect(toxicNames(lab)).toEqual(['noop_downstream'])
})

/** A controller in a separate process: reads events and adds a toxic to the link. */
const controller = `
  const { createLinkControl } = await import(process.argv[1])
  const links = createLinkControl(process.argv[2], { deadAfterMs: 500 })
  const events = links.events(new AbortController().signal)
  void events.next()
  await links.addToxic('lab', { name: 't', type: 'latency', attributes: { latency: 5 }, expiresInMs: 600000 })
  console.log('armed')
`

test.each(['SIGKILL', 'SIGSTOP'] as const)(
  'the data plane heals by itself when the controller receives %s',
  async (signal) => {
    await using lab = await createLinkLab(echo)
    const client = new URL('client/link-control.ts', import.meta.url).href
    const args = ['--input-type=module', '-e', controller, client, lab.proxy.url]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(createInterface({ input: child.stdout }), 'line')
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(toxicNames(lab)).toEqual(['t'])
    child.kill(signal)
    await vi.waitFor(() => expect(toxicNames(lab)).toEqual([]), { timeout: 3_000 })
  },
)

test('the client reports that the data plane has restarted', async () => {
  const lab = await createLinkLab(echo)
  const { url } = lab.proxy
  const listening = new AbortController()
  onTestFinished(() => listening.abort())
  let reconnects = 0
  await collect(createLinkControl(url), listening.signal, () => void reconnects++)
  await expect.poll(() => lab.proxy.events.listeners).toBeGreaterThan(1)
  expect(reconnects).toBe(0)
  await lab[Symbol.asyncDispose]()
  await using _restarted = await runProxy({ port: Number(new URL(url).port) })
  await expect.poll(() => reconnects).toBe(1)
})

async function collect(
  links: LinkControl,
  signal: AbortSignal,
  onReconnect?: () => void,
): Promise<DataPlaneEvent[]> {
  const events: DataPlaneEvent[] = []
  void (async () => {
    for await (const event of links.events(signal, onReconnect)) events.push(event)
  })()
  return events
}

test('the client implements the whole contract', async () => {
  await using lab = await createLinkLab(echo)
  const links = createLinkControl(lab.proxy.url)
  const listening = new AbortController()
  onTestFinished(() => listening.abort())
  const events = await collect(links, listening.signal)
  await expect.poll(() => lab.proxy.events.listeners).toBeGreaterThan(1)

  const peer = await lab.dial()
  await links.addToxic('lab', {
    name: 't',
    type: 'latency',
    attributes: { latency: 20 },
    expiresInMs: 60_000,
  })
  peer.socket.write('x')
  await peer.received(1)
  expect(await links.list()).toMatchObject([
    { name: 'lab', enabled: true, connections: 1, bytesUpstream: 1, toxics: [{ name: 't' }] },
  ])
  await links.removeToxic('lab', 't')
  await links.removeToxic('lab', 't')
  await expect(links.removeToxic('none', 't')).rejects.toThrow('proxy not found')
  expect(await links.resetConnections('lab')).toBe(1)
  await links.takeDown('lab', { expiresInMs: 60_000 })
  expect(await links.list()).toMatchObject([{ enabled: false, connections: 0 }])
  await links.bringUp('lab')
  await links.takeDown('lab', { expiresInMs: 60_000 })
  expect(await links.heal()).toEqual([])
  expect(await links.list()).toMatchObject([{ enabled: true }])
  await expect
    .poll(() => events.map((event) => ('what' in event ? event.what : '')))
    .toEqual(['opened', 'toxic-touched', 'reset', 'closed', 'down', 'up', 'down', 'up'])
})

test('an error response becomes an error that names the request', async () => {
  await using lab = await createLinkLab(echo)
  const links = createLinkControl(lab.proxy.url)
  const toxic = { name: 't', type: 'nonsense', attributes: {}, expiresInMs: 1_000 }
  await expect(links.addToxic('lab', toxic)).rejects.toMatchObject({
    name: 'InputError',
    status: 400,
    message: expect.stringMatching(/POST \/proxies\/lab\/toxics.*invalid toxic type/) as string,
  })
  await expect(links.addToxic('none', { ...toxic, type: 'noop' })).rejects.toMatchObject({
    status: 404,
  })
  const unreachable = createLinkControl('http://127.0.0.1:1')
  await expect(unreachable.list()).rejects.toThrow(/GET http:\/\/127\.0\.0\.1:1\/links/)
})

test('a broken event stream reconnects and misses no event', async () => {
  await using lab = await createLinkLab(echo)
  const links = createLinkControl(lab.proxy.url)
  const listening = new AbortController()
  onTestFinished(() => listening.abort())
  const events = await collect(links, listening.signal)
  await expect.poll(() => lab.proxy.events.listeners).toBeGreaterThan(1)
  await lab.proxy.plane.update('lab', { enabled: false })
  await expect.poll(() => events).toHaveLength(1)
  lab.proxy.closeApiConnections()
  await lab.proxy.plane.update('lab', { enabled: true })
  await lab.proxy.plane.update('lab', { enabled: false })
  await vi.waitFor(
    () =>
      expect(events.map((event) => ('what' in event ? event.what : ''))).toEqual([
        'down',
        'up',
        'down',
      ]),
    {
      timeout: 3_000,
    },
  )
})

test('the first change of a connection by a toxic emits one event', async () => {
  await using lab = await createLinkLab(echo)
  await lab.toxic('latency', { latency: 1 }, { name: 'slow' })
  await lab.toxic('slicer', { average_size: 1_000 }, { name: 'idle' })
  const peer = await lab.dial()
  for (let i = 1; i <= 5; i++) {
    peer.socket.write('x')
    await peer.received(i)
  }
  const touched = lab.events.filter(({ what }) => what === 'toxic-touched')
  expect(touched).toEqual([
    { type: 'link', link: 'lab', what: 'toxic-touched', toxic: 'slow', connection: 1 },
  ])
  const metrics = await (await fetch(`${lab.proxy.url}/metrics`)).text()
  expect(metrics).toContain('unhappy_toxic_touched_connections_total{proxy="lab",type="latency"} 1')
})

test('metrics count bytes of live connections', async () => {
  await using lab = await createLinkLab(echo, { runtimeMetrics: true })
  const peer = await lab.dial()
  peer.socket.write('12345')
  await peer.received(5)
  const response = await fetch(`${lab.proxy.url}/metrics`)
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const text = await response.text()
  const labels = (direction: string): string => {
    const { listen, upstream } = lab.proxy.plane.link('lab')
    return `{direction="${direction}",listener="${listen}",proxy="lab",upstream="${upstream}"}`
  }
  for (const direction of ['upstream', 'downstream'])
    for (const what of ['received', 'sent'])
      expect(text).toContain(`toxiproxy_proxy_${what}_bytes_total${labels(direction)} 5\n`)
  expect(text).toContain('unhappy_link_connections{proxy="lab"} 1\n')
  expect(text).toMatch(/process_resident_memory_bytes \d+/)
})
