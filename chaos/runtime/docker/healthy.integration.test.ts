import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

import { writeSandboxFile } from '#chaos/home/sandbox-file.ts'

const script = join(import.meta.dirname, 'image', 'healthy')

async function healthy(...args: readonly string[]): Promise<boolean> {
  return await promisify(execFile)('bash', [script, ...args]).then(
    () => true,
    () => false,
  )
}

async function serve(token: string | undefined) {
  const server = createServer((request, response) => {
    const { authorization } = request.headers
    const known = authorization === (token === undefined ? undefined : `Bearer ${token}`)
    response.statusCode = request.url === '/health' && known ? 200 : 401
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { readonly port: number }
  const close = async () => new Promise<void>((resolve) => server.close(() => resolve()))
  return { port: String(port), [Symbol.asyncDispose]: close }
}

test('healthy is true for 200 and false for anything else', async () => {
  await using server = await serve(undefined)
  expect(await healthy(server.port, '/health')).toBe(true)
  expect(await healthy(server.port, '/')).toBe(false)
  expect(await healthy('1', '/health')).toBe(false)
})

test('healthy sends the token of the sandbox file; without a file it is false', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-healthy-'))
  try {
    await using server = await serve('the-token')
    expect(await healthy(server.port, '/health', folder)).toBe(false)
    await writeSandboxFile(folder, {
      slot: 1,
      pid: 1,
      url: 'http://127.0.0.1:1',
      token: 'the-token',
      linksSecret: 'another',
      runtime: 'docker',
      startedAt: '2030-01-01T00:00:00.000Z',
      ephemeral: false,
    })
    expect(await healthy(server.port, '/health')).toBe(false)
    expect(await healthy(server.port, '/health', folder)).toBe(true)
  } finally {
    await rm(folder, { recursive: true })
  }
})
