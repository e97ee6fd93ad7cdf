import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { dialTo, echo, listenOn } from './testing/link-lab.ts'

const main = new URL('main.ts', import.meta.url).pathname

async function configFile(content: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'links-test-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'proxies.json')
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

function startMain(...args: string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const ended = once(child, 'close').then(([code]) => ({
    code: code as number | null,
    output,
    errors,
  }))
  return { child, ended, ready: once(child.stdout, 'data').then(() => JSON.parse(output) as Ready) }
}

interface Ready {
  readonly ready: boolean
  readonly url: string
  readonly proxies: number
  readonly seed: number
}

test('a process reads its proxies and their toxics from a file, says when it is ready, and ends on SIGTERM', async () => {
  await using upstream = await listenOn(echo)
  const toxics = [{ type: 'latency', attributes: { latency: 30 } }]
  const proxies = [
    { name: 'a:b', listen: '127.0.0.1:0', upstream: upstream.address, protocol: 'redis', toxics },
    { name: 'off', listen: '127.0.0.1:0', upstream: upstream.address, enabled: false },
  ]
  const { child, ready, ended } = startMain(
    '-port',
    '0',
    '-config',
    await configFile({ proxies }),
    '-seed',
    '7',
  )
  const { url, ...rest } = await ready
  expect(rest).toEqual({ ready: true, proxies: 2, seed: 7 })
  const listed = (await (await fetch(`${url}/proxies`)).json()) as Record<
    string,
    { listen: string }
  >
  expect(listed).toMatchObject({
    'a:b': { protocol: 'redis', toxics: [{ name: 'latency_downstream' }] },
  })
  const peer = await dialTo(Number(listed['a:b']?.listen.split(':').at(-1)))
  const start = performance.now()
  peer.socket.write('x')
  expect((await peer.received(1)) - start).toBeGreaterThanOrEqual(30)
  child.kill('SIGTERM')
  expect(await ended).toMatchObject({ code: 0, errors: '' })
})

test.each([
  ['[{"name":"a"}]', 'missing required field: upstream at proxy 1'],
  ['{"proxies": 1}', 'cannot unmarshal object'],
  ['[', 'unexpected EOF'],
  ['[{"name":"a","upstream":"x:1","toxics":[{"type":"latncy"}]}]', 'invalid toxic type'],
])('a file with %s ends it with status 3 and says why', async (content, why) => {
  const file = await configFile(content)
  const { code, output, errors } = await startMain('-port', '0', '-config', file).ended
  expect({ code, output }).toEqual({ code: 3, output: '' })
  expect(errors).toContain(file)
  expect(errors).toContain(why)
})

test('a missing file, a taken port or an unknown flag ends it with status 3 and says why', async () => {
  await using taken = await listenOn(() => {})
  const missing = await startMain('-port', '0', '-config', '/no/such/file.json').ended
  expect(missing).toMatchObject({
    code: 3,
    errors: expect.stringContaining('/no/such/file.json') as string,
  })
  const port = await startMain('-port', String(taken.port)).ended
  expect(port).toMatchObject({
    code: 3,
    errors: expect.stringContaining(`127.0.0.1:${taken.port}`) as string,
  })
  const flag = await startMain('-nonsense').ended
  expect(flag).toMatchObject({ code: 3, errors: expect.stringContaining('nonsense') as string })
})
