import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { Pool } from 'undici'
import { expect, test } from 'vitest'

import { runProxy } from '../run-proxy.ts'

/** An HTTP server behind a link; records the requests that reach it. */
async function httpLab(type: string, attributes: object) {
  const reached: string[] = []
  const server = createServer((request, response) => {
    reached.push(`${request.method} ${request.url}`)
    request.resume()
    request.on('end', () => response.end('done'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const upstream = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const proxy = await runProxy({ port: 0, seed: 7 })
  const post = async (path: string, body: object) => {
    const response = await fetch(proxy.url + path, { method: 'POST', body: JSON.stringify(body) })
    if (!response.ok) throw new Error(await response.text())
  }
  await post('/proxies', { name: 'web', protocol: 'http', listen: '127.0.0.1:0', upstream })
  const pool = new Pool(`http://${proxy.plane.link('web').listen}`, { connections: 8 })
  await post('/proxies/web/toxics', { name: 'toxic', type, attributes })
  return {
    reached,
    proxy,
    call: async (method: 'GET' | 'POST', path: string) => {
      const { statusCode, body } = await pool.request({
        method,
        path,
        ...(method === 'POST' ? { body: 'x'.repeat(500) } : {}),
      })
      return `${statusCode} ${await body.text()}`
    },
    [Symbol.asyncDispose]: async () => {
      await pool.destroy()
      await proxy[Symbol.asyncDispose]()
      server.closeAllConnections()
      server.close()
    },
  }
}

// Which share is hit, and that every draw counts: http-error.test.ts.
test('http_error with rate 0.3 answers some requests, and the others reach the callee', async () => {
  await using lab = await httpLab('http_error', { rate: 0.3, status: 500, body: '{"error":"no"}' })
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, i) => lab.call(i % 2 === 0 ? 'GET' : 'POST', '/charges')),
  )
  const failed = answers.filter((answer) => answer === '500 {"error":"no"}').length
  expect(failed).toBeGreaterThan(0)
  expect(failed).toBeLessThan(60)
  expect(answers.filter((answer) => answer === '200 done')).toHaveLength(60 - failed)
  expect(lab.reached).toHaveLength(60 - failed)
})

test('http_error hits only its method and route', async () => {
  await using lab = await httpLab('http_error', { method: 'POST', route: '/orders/:id' })
  expect(await lab.call('POST', '/orders/17?x=1')).toBe('503 ')
  expect(await lab.call('GET', '/orders/17')).toBe('200 done')
  expect(await lab.call('POST', '/orders')).toBe('200 done')
  expect(lab.reached).toEqual(['GET /orders/17', 'POST /orders'])
})

test('http_delay delays the chosen requests by its delay, and no others', async () => {
  await using lab = await httpLab('http_delay', { route: '/charges', delay: 200 })
  const timed = async (path: string): Promise<number> => {
    const fromMs = performance.now()
    expect(await lab.call('POST', path)).toBe('200 done')
    return performance.now() - fromMs
  }
  const [slow, fast] = await Promise.all([timed('/charges'), timed('/quotes')])
  expect(slow).toBeGreaterThanOrEqual(200)
  expect(fast).toBeLessThan(200)
})

test('after a toxic is removed, requests pass again on the same connections', async () => {
  await using lab = await httpLab('http_error', {})
  expect(await lab.call('GET', '/a')).toBe('503 ')
  await fetch(`${lab.proxy.url}/proxies/web/toxics/toxic`, { method: 'DELETE' })
  expect(await lab.call('GET', '/a')).toBe('200 done')
})
