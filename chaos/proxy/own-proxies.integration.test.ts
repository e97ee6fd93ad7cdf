import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base, describe, expect } from 'vitest'

import { runProxy } from './run-proxy.ts'

const secret = 'the-secret'
const upstream = '127.0.0.1:9'
const alternative = '127.0.0.1:10'

const test = base
  .extend('options', { ownProxiesOnly: true, secret } as {
    ownProxiesOnly?: boolean
    secret?: string
  })
  .extend('config', async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), 'unhappy-own-'))
    onCleanup(async () => rm(folder, { recursive: true }))
    const config = join(folder, 'links.json')
    await writeFile(
      config,
      JSON.stringify([
        { name: 'own', listen: '127.0.0.1:0', upstream, alternatives: [alternative] },
        { name: 'later', listen: '127.0.0.1:0', upstream, optional: true },
      ]),
    )
    return config
  })
  .extend('proxy', async ({ config, options }, { onCleanup }) => {
    const proxy = await runProxy({ port: 0, config, ...options })
    onCleanup(async () => proxy[Symbol.asyncDispose]())
    return proxy
  })
  .extend(
    'ask',
    ({ proxy }) =>
      async (method: string, path: string, body?: object, key?: string) => {
        const response = await fetch(proxy.url + path, {
          method,
          headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })
        return response.status
      },
  )
  .extend('own', ({ proxy }) => {
    const { name, listen } = proxy.plane.link('own')
    return { name, listen, upstream }
  })

const foreign = { name: 'foreign', listen: '127.0.0.1:0', upstream: '127.0.0.1:22' }

describe('without the secret', () => {
  test('a proxy may lead to an alternative of the file and back, and nowhere else', async ({
    proxy,
    ask,
  }) => {
    for (const to of [alternative, upstream, alternative]) {
      expect(await ask('PATCH', '/proxies/own', { upstream: to, keepConnections: true })).toBe(200)
      expect(proxy.plane.link('own').upstream).toBe(to)
    }
    expect(await ask('PATCH', '/proxies/own', { upstream: '127.0.0.1:22' })).toBe(403)
  })

  test('an optional proxy of the file does not exist until a request creates it, as the file says', async ({
    proxy,
    ask,
  }) => {
    const later = { name: 'later', listen: '127.0.0.1:0', upstream }
    expect(await ask('GET', '/proxies/later')).toBe(404)
    expect(await ask('POST', '/proxies', { ...later, upstream: '127.0.0.1:22' })).toBe(403)
    expect(await ask('POST', '/proxies', later)).toBe(201)
    expect(await ask('POST', '/reset')).toBe(204)
    expect(proxy.plane.link('later').enabled).toBe(true)
    expect(await ask('DELETE', '/proxies/later')).toBe(204)
    expect(await ask('POST', '/reset')).toBe(204)
    expect(await ask('GET', '/proxies/later')).toBe(404)
  })

  test.for([undefined, '', 'wrong'])(
    '(%j) no other proxy is created',
    async (key, { ask, proxy }) => {
      expect(await ask('POST', '/proxies', foreign, key)).toBe(403)
      expect(await ask('POST', '/populate', [foreign], key)).toBe(403)
      expect([...proxy.plane.links.keys()]).toEqual(['own'])
    },
  )

  test('a list with one foreign proxy changes nothing', async ({ ask, proxy, own }) => {
    expect(await ask('DELETE', '/proxies/own')).toBe(204)
    expect(await ask('POST', '/populate', [own, foreign])).toBe(403)
    expect([...proxy.plane.links.keys()]).toEqual([])
  })

  test.for([{ upstream: '127.0.0.1:22' }, { listen: '127.0.0.1:0' }, { listen: '0.0.0.0:0' }])(
    'an own proxy does not change to %j',
    async (change, { ask, proxy, own }) => {
      expect(await ask('PATCH', '/proxies/own', change)).toBe(403)
      expect(await ask('POST', '/proxies/own', { ...change, enabled: false })).toBe(403)
      expect(await ask('POST', '/populate', [{ ...own, ...change }])).toBe(403)
      const { listen, enabled } = proxy.plane.link('own')
      expect({ listen, upstream: proxy.plane.link('own').upstream, enabled }).toEqual({
        listen: own.listen,
        upstream,
        enabled: true,
      })
    },
  )

  test('an own proxy is listed, populated again, switched, removed, created again, and has toxics', async ({
    ask,
    own,
  }) => {
    expect(await ask('GET', '/proxies')).toBe(200)
    expect(await ask('POST', '/populate', [own])).toBe(201)
    expect(
      await ask('POST', '/populate', [
        { ...own, listen: own.listen.replace('127.0.0.1', 'localhost') },
      ]),
    ).toBe(201)
    expect(await ask('PATCH', '/proxies/own', { ...own, enabled: false })).toBe(200)
    expect(await ask('PATCH', '/proxies/own', { enabled: true })).toBe(200)
    const toxic = { type: 'latency', attributes: { latency: 1 }, expiresInMs: 1_000 }
    expect(await ask('POST', '/proxies/own/toxics', toxic)).toBe(200)
    expect(await ask('POST', '/reset')).toBe(204)
    expect(await ask('DELETE', '/proxies/own')).toBe(204)
    expect(await ask('POST', '/proxies', own)).toBe(201)
  })
})

test('with the secret every proxy can be created and changed', async ({ ask, proxy }) => {
  expect(await ask('POST', '/proxies', foreign, secret)).toBe(201)
  expect(await ask('PATCH', '/proxies/own', { upstream: '127.0.0.1:22' }, secret)).toBe(200)
  expect(proxy.plane.link('own').upstream).toBe('127.0.0.1:22')
  // A change that keeps listener and upstream needs no secret.
  expect(await ask('PATCH', '/proxies/foreign', { enabled: false })).toBe(200)
})

describe('where no secret is set', () => {
  test.override('options', { ownProxiesOnly: true })

  test.for([undefined, '', 'undefined'])('%j is not the secret', async (key, { ask }) => {
    expect(await ask('POST', '/proxies', foreign, key)).toBe(403)
  })
})

describe('stand-alone', () => {
  test.override('options', {})

  test('every proxy can be created and changed', async ({ ask }) => {
    expect(await ask('POST', '/proxies', foreign)).toBe(201)
    expect(await ask('PATCH', '/proxies/own', { upstream: '127.0.0.1:22' })).toBe(200)
  })
})
