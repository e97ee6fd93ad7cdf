import { lookup } from 'node:dns/promises'

import { expect, test } from 'vitest'

import { createLinkLab, echo, listenOn } from '../testing/link-lab.ts'

test.each(['POST', 'PATCH'])(
  '%s: a listen error names the resolved address of a host name, as the official server does',
  async (method) => {
    await using lab = await createLinkLab(echo)
    await using taken = await listenOn(() => {})
    const listen = `localhost:${taken.port}`
    const { status, body } =
      method === 'POST'
        ? await lab.api('POST', '/proxies', { name: 'b', listen, upstream: 'x:1' })
        : await lab.api('PATCH', '/proxies/lab', { listen })
    expect(status).toBe(500)
    expect(body).toMatchObject({
      error: `listen tcp 127.0.0.1:${taken.port}: bind: address already in use`,
    })
  },
)

test('populate and reset give the same text, without a second cause', async () => {
  await using lab = await createLinkLab(echo)
  await using taken = await listenOn(() => {})
  const error = `listen tcp ${taken.address}: bind: address already in use`
  const proxy = { name: 'b', listen: taken.address, upstream: 'x:1' }
  expect((await lab.api('POST', '/populate', [proxy])).body).toMatchObject({ error })
  await lab.api('POST', '/proxies', { ...proxy, enabled: false })
  expect((await lab.api('POST', '/reset')).body).toMatchObject({ failed: [{ link: 'b', error }] })
})

test.each([
  ['192.0.2.1:0', 'listen tcp 192.0.2.1:0: bind: cannot assign requested address'],
  ['no-such-host.invalid:1', 'listen tcp: lookup no-such-host.invalid: no such host'],
])('listen %s fails with the text of the official server', async (listen, error) => {
  await using lab = await createLinkLab(echo)
  const answer = await lab.api('POST', '/proxies', { name: 'b', listen, upstream: 'x:1' })
  expect(answer).toMatchObject({ status: 500, body: { error } })
})

test('a host name is replaced by its IPv4 address when the proxy starts', async () => {
  await using lab = await createLinkLab(echo)
  const { address } = await lookup('localhost', { family: 4 })
  const made = await lab.api('POST', '/proxies', {
    name: 'b',
    listen: 'localhost:0',
    upstream: 'x:1',
  })
  expect((made.body as { listen: string }).listen).toMatch(new RegExp(`^${address}:\\d+$`))
})
