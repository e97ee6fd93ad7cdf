import { expect, test } from 'vitest'

import { createLinkLab, type LinkLab, type Peer } from '../testing/link-lab.ts'

const head = 'HTTP/1.1 200 OK\r\ncontent-length: 200000\r\n\r\n'
const body = 'x'.repeat(200_000)
const whole = head.length + body.length

/** A link with the toxic, to a server that sends the same response to each request, head first. */
async function httpLab(attributes: object): Promise<{ lab: LinkLab; servers: Peer[] }> {
  const servers: Peer[] = []
  const lab = await createLinkLab((socket, peer) => {
    servers.push(peer)
    socket.on('data', () => {
      socket.write(head)
      socket.write(body)
    })
    socket.on('end', () => socket.end())
  })
  await lab.toxic('http_cut', attributes)
  return { lab, servers }
}

/** One request on a connection of its own: how many bytes of the body came, and how the connection ended. */
async function get(lab: LinkLab, path: string): Promise<string> {
  const peer = await lab.dial()
  peer.socket.write(`GET ${path} HTTP/1.1\r\n\r\n`)
  const received = peer.received(whole).then(() => 'whole')
  const end = await Promise.race([received, peer.over.then(({ how }) => how)])
  peer.socket.destroy()
  return `${peer.got.bytes - head.length} ${end}`
}

test('http_cut closes after exactly the wanted bytes of the nth matching response, and touches no other', async () => {
  const { lab } = await httpLab({ route: '/orders/:id', nth: 2, after_bytes: 70_000 })
  await using _lab = lab
  const touched = () => lab.events.filter(({ what }) => what === 'toxic-touched')
  expect(await get(lab, '/orders/1')).toBe('200000 whole')
  expect(await get(lab, '/products')).toBe('200000 whole')
  expect(touched()).toEqual([])
  expect(await get(lab, '/orders/2')).toBe('70000 end')
  expect(touched()).toHaveLength(1)
  expect(await get(lab, '/orders/3')).toBe('200000 whole')
})

test('http_cut never lets a whole body pass', async () => {
  const { lab } = await httpLab({ after_bytes: 1_000_000 })
  await using _lab = lab
  expect(await get(lab, '/')).toBe('199999 end')
})

test('http_cut with reset ends with RST', async () => {
  const { lab, servers } = await httpLab({ after_bytes: 7, reset: true })
  await using _lab = lab
  expect(await get(lab, '/')).toMatch(/^7 /)
  // A Node client that receives the last bytes and the RST at once reports an end, so the server is asked.
  expect((await servers[0]?.over)?.how).toBe('ECONNRESET')
})
