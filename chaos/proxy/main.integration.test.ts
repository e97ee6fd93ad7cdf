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

test('a process reads proxies and toxics from a file, prints one line when it is ready, and ends on SIGTERM', async () => {
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

test('a bad file, a missing file, a taken port and an unknown flag end it with status 3 and name the cause', async () => {
  await using taken = await listenOn(() => {})
  const file = await configFile('[{"name":"a","upstream":"x:1","toxics":[{"type":"latncy"}]}]')
  const causes: [string[], string][] = [
    [['-port', '0', '-config', file], 'latncy'],
    [['-port', '0', '-config', '/no/such/file.json'], '/no/such/file.json'],
    [['-port', String(taken.port)], taken.address],
    [['-nonsense'], '-nonsense'],
  ]
  for (const [args, cause] of causes) {
    const { code, output, errors } = await startMain(...args).ended
    expect({ code, output }).toEqual({ code: 3, output: '' })
    expect(errors).toContain(cause)
    expect(errors.trim().split('\n')).toHaveLength(2)
  }
})
