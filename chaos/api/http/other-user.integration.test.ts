import { execFile, spawnSync } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { test as base, describe, expect } from 'vitest'

import { writeOpenPage } from '#chaos/home/open-page.ts'

import { serveFakeController } from '../testing/serve-fake-controller.ts'

const token = 'the-token-of-the-owner'
const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups']

const canBecomeNobody =
  process.getuid?.() === 0 &&
  spawnSync('setpriv', [...nobody, 'curl', '--version'], { stdio: 'ignore' }).status === 0

const test = base
  .extend('home', async ({}, { onCleanup }) => {
    const home = await mkdtemp(join(tmpdir(), 'unhappy-other-user-'))
    onCleanup(async () => rm(home, { recursive: true }))
    // All users may enter: only the modes of the files protect them.
    await chmod(home, 0o755)
    return home
  })
  .extend('served', async ({ home }, { onCleanup }) => {
    const served = await serveFakeController(home, token)
    onCleanup(async () => served[Symbol.asyncDispose]())
    return served
  })

/** Runs a program as the system user `nobody`. */
async function asNobody(...command: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('setpriv', [...nobody, ...command])
  return stdout
}

describe.skipIf(!canBecomeNobody)('another user (skipped without root, setpriv and curl)', () => {
  test.for(['/', '/api/sandbox', '/api/events', '/api/runs', '/api/openapi.json'])(
    'receives 401 and no token from GET %s',
    async (path, { served }) => {
      const text = await asNobody(
        'curl',
        '-sS',
        '-m',
        '10',
        '-w',
        '%{http_code}',
        served.file.url + path,
      )
      expect(text.slice(-3)).toBe('401')
      expect(text).not.toContain(token)
    },
  )

  test.for([
    ['/api/runs', '{"scenario":"title: x","exerciseDir":"/tmp"}'],
    ['/api/secrets', '{}'],
    ['/api/halt', '{}'],
  ] as const)(
    'cannot POST %s, even as a page of the same origin',
    async ([path, body], { served }) => {
      const { url } = served.file
      const headers = ['content-type: application/json', `origin: ${url}`, 'x-unhappy-key: x']
      const status = await asNobody(
        'curl',
        '-sS',
        '-o',
        '/dev/null',
        '-w',
        '%{http_code}',
        '-d',
        body,
        ...headers.flatMap((header) => ['-H', header]),
        url + path,
      )
      expect(status).toBe('401')
      expect(served.controller.calls).toEqual([])
    },
  )

  test('can read neither the sandbox file nor the page of unhappy open', async ({ served }) => {
    const page = await writeOpenPage(served.sandboxes, 0, `${served.file.url}/?secret=x`)
    for (const path of [join(served.sandboxes, '0.json'), page])
      await expect(asNobody('cat', path)).rejects.toThrow('Permission denied')
  })
})
