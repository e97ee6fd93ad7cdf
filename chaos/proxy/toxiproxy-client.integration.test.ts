import { type ICreateProxyBody, Toxiproxy, ToxiproxyError } from 'toxiproxy-node-client'
import { expect, test } from 'vitest'

import { runProxy } from './run-proxy.ts'
import { dialTo, echo, listenOn } from './testing/link-lab.ts'

const portOf = (listen: string): number => Number(listen.split(':').at(-1))

/** Every call of the client, one after the other, as in a test suite that uses it. */
test('toxiproxy-node-client works with every endpoint', async () => {
  await using proxy = await runProxy({ port: 0, seed: 1 })
  await using upstream = await listenOn(echo)
  const client = new Toxiproxy(proxy.url)
  const body: ICreateProxyBody = {
    name: 'redis',
    listen: '127.0.0.1:0',
    upstream: upstream.address,
    enabled: true,
  }
  expect(JSON.parse(await client.getVersion())).toMatchObject({
    version: expect.any(String) as string,
  })
  expect(await client.getAll()).toEqual({})

  const made = await client.createProxy(body)
  expect(made.toJson()).toMatchObject({ name: 'redis', enabled: true, upstream: upstream.address })
  await expect(client.createProxy(body)).rejects.toThrow('409')
  expect((await client.get('redis')).listen).toBe(made.listen)
  await expect(client.get('none')).rejects.toThrow(ToxiproxyError)
  expect(Object.keys(await client.getAll())).toEqual(['redis'])

  const toxic = await made.addToxic({
    name: 'slow',
    type: 'latency',
    stream: 'downstream',
    toxicity: 1,
    attributes: { latency: 100, jitter: 0 },
  })
  expect(toxic.toJson()).toMatchObject({ name: 'slow', attributes: { latency: 100 } })
  const peer = await dialTo(portOf(made.listen))
  const start = performance.now()
  peer.socket.write('x')
  expect((await peer.received(1)) - start).toBeGreaterThanOrEqual(100)
  peer.socket.destroy()

  const same = await made.getToxic('slow')
  const changed = await same.update({ toxicity: 1, attributes: { latency: 1, jitter: 0 } } as never)
  expect(changed.attributes).toMatchObject({ latency: 1 })
  await changed.remove()
  await expect(made.getToxic('slow')).rejects.toThrow('404')

  const disabled = await made.update({
    enabled: false,
    listen: made.listen,
    upstream: made.upstream,
  })
  expect(disabled.enabled).toBe(false)
  await expect(dialTo(portOf(made.listen))).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await client.reset()
  expect((await client.get('redis')).enabled).toBe(true)

  const populated = await client.populate([{ ...body, name: 'second' }])
  expect(Object.keys(populated)).toEqual(['second'])
  await populated['second']?.remove()
  await made.remove()
  expect(await client.getAll()).toEqual({})
})
