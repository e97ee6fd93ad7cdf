import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { Pool } from 'undici'
import { expect, test } from 'vitest'

import { runProxy } from '../run-proxy.ts'
import { createLinkLab, type LinkLab, type Peer } from '../testing/link-lab.ts'

/** A link with the toxic, to a server that sends back what it receives. */
async function idleLab(attributes: object): Promise<{ lab: LinkLab; servers: Peer[] }> {
  const servers: Peer[] = []
  const lab = await createLinkLab((socket, peer) => {
    servers.push(peer)
    socket.on('data', (chunk) => socket.write(chunk))
    socket.on('end', () => socket.end())
  })
  await lab.toxic('idle_timeout', { timeout: 100, ...attributes })
  return { lab, servers }
}

async function idleConnection(lab: LinkLab): Promise<Peer> {
  const peer = await lab.dial()
  peer.socket.write('ping')
  await peer.received(4)
  return peer
}

test.each([
  ['fin', 'end'],
  ['rst', 'ECONNRESET'],
])('%s: both sides receive %s after the idle time, not before', async (how, end) => {
  const { lab, servers } = await idleLab({ how })
  await using _lab = lab
  const peer = await idleConnection(lab)
  const fromMs = performance.now()
  const over = await peer.over
  expect(over.how).toBe(end)
  // The time started again when the reply passed, which was before the caller had received it.
  expect(over.atMs - fromMs).toBeGreaterThan(90)
  expect((await servers[0]?.over)?.how).toBe(end)
  expect(lab.events.filter(({ what }) => what === 'toxic-touched')).toHaveLength(1)
})

test('silent: both sides stay open; each receives RST only when it sends', async () => {
  const { lab, servers } = await idleLab({ how: 'silent' })
  await using _lab = lab
  const peer = await idleConnection(lab)
  const server = servers[0] as Peer
  await expect.poll(() => lab.events.map(({ what }) => what)).toContain('toxic-touched')
  expect([peer.socket.readyState, server.socket.readyState]).toEqual(['open', 'open'])
  peer.socket.write('next')
  expect((await peer.over).how).toBe('ECONNRESET')
  expect([server.socket.readyState, server.text()]).toEqual(['open', 'ping'])
  server.socket.write('late')
  expect((await server.over).how).toBe('ECONNRESET')
  await expect.poll(() => lab.events.map(({ what }) => what)).toContain('closed')
})

test('silent: a FIN of one side is answered with RST, and the other side receives nothing', async () => {
  const { lab, servers } = await idleLab({ how: 'silent' })
  await using _lab = lab
  const peer = await idleConnection(lab)
  await expect.poll(() => lab.events.map(({ what }) => what)).toContain('toxic-touched')
  peer.socket.end()
  expect((await peer.over).how).toBe('ECONNRESET')
  expect(servers[0]?.socket.readyState).toBe('open')
})

test('silent: when it is removed, what is left of its connections ends', async () => {
  const { lab, servers } = await idleLab({ how: 'silent' })
  await using _lab = lab
  const [early, late] = [await idleConnection(lab), await idleConnection(lab)]
  const touched = () => lab.events.filter(({ what }) => what === 'toxic-touched').length
  await expect.poll(touched).toBe(2)
  early.socket.write('next')
  expect((await early.over).how).toBe('ECONNRESET')
  await lab.api('DELETE', '/proxies/lab/toxics/idle_timeout_downstream')
  expect((await servers[0]?.over)?.how).toBe('ECONNRESET')
  expect([late.socket.readyState, servers[1]?.socket.readyState]).toEqual(['open', 'open'])
  late.socket.write('next')
  const ends = await Promise.all([late.over, servers[1]?.over])
  expect(ends.map((end) => end?.how)).toEqual(['ECONNRESET', 'ECONNRESET'])
})

test('the keep-alive race: a request that an HTTP client sends just before the FIN arrives fails and never reaches the server', async () => {
  const reached: string[] = []
  const server = createServer((request, response) => {
    reached.push(request.url ?? '')
    response.end('done')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const upstream = `127.0.0.1:${(server.address() as AddressInfo).port}`
  await using proxy = await runProxy({ port: 0, seed: 1 })
  const post = (path: string, body: object): Promise<Response> =>
    fetch(proxy.url + path, { method: 'POST', body: JSON.stringify(body) })
  await post('/proxies', { name: 'web', protocol: 'http', listen: '127.0.0.1:0', upstream })
  const attributes = { timeout: 100, notice: 1_000 }
  await post('/proxies/web/toxics', { name: 'idle', type: 'idle_timeout', attributes })
  const touched = new Promise<void>((resolve) =>
    proxy.events.subscribe(({ event }) => {
      if (event.type === 'link' && event.what === 'toxic-touched') resolve()
    }),
  )
  const pool = new Pool(`http://${proxy.plane.link('web').listen}`, { connections: 1 })
  const get = async (path: string): Promise<string> =>
    await (await pool.request({ method: 'GET', path })).body.text()
  expect(await get('/first')).toBe('done')
  await touched
  // The connection is closed on the way; the client still believes that it is open.
  await expect(get('/racing')).rejects.toMatchObject({
    code: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/),
  })
  expect(await get('/third')).toBe('done')
  expect(reached).toEqual(['/first', '/third'])
  await pool.destroy()
  server.closeAllConnections()
  server.close()
})
