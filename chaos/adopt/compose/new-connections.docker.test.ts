import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { describeWithDocker } from '#chaos/runtime/docker/testing/describe-with-docker.ts'

import { builtImage } from './testing/built-image.ts'
import { startForeignProject } from './testing/foreign-project.ts'
import type { ForeignFiles, ForeignProject } from './testing/foreign-project.ts'

const port = 18_473
const callers = ['caller-a', 'caller-b', 'caller-c']
/** Keeps each connection for three seconds before it asks, as a pool keeps idle ones. */
const holder = 'holder'

/** Opens one connection after the other and asks for an answer on each. The first two call each other, too: no sequence of joining suits both. */
const caller = (name: string, holdMs = 0): string => `
  ${name}:
    image: node:24-slim
    init: true
    command: node /app/ask.js ${name} ${holdMs}
    volumes: ["./ask.js:/app/ask.js:ro"]
    depends_on: [the-cache]`

const files: ForeignFiles = {
  compose: `
services:
  the-cache: { image: redis:8 }
${callers.map((name) => caller(name)).join('')}
${caller(holder, 3_000)}
`,
  others: {
    'ask.js': `
const net = require('net')
const [own, holdMs] = process.argv.slice(2)
const next = { 'caller-a': 'caller-b', 'caller-b': 'caller-a' }[own]
if (next) net.createServer((socket) => socket.on('error', () => {}).end('+PONG')).listen(7000)
const ask = (host, port) => new Promise((done) => {
  let answer = ''
  const socket = net.connect(port, host, () => setTimeout(() => socket.write('PING\\r\\n'), Number(holdMs)))
  socket.setTimeout(5_000, () => socket.destroy(new Error('no answer')))
  socket.on('data', () => {
    answer = socket.remoteAddress
    socket.destroy()
  })
  socket.on('error', (error) => console.log('failed', host, error.message))
  socket.on('close', () => {
    console.log(...(answer === '' ? ['failed', host] : ['via', host, answer]))
    setTimeout(done, 5)
  })
})
const all = async () => { await ask('the-cache', 6379); if (next) await ask(next, 7000) }
const loop = () => all().then(loop)
setTimeout(loop, 500)
`,
  },
}

describeWithDocker('a Compose project whose callers connect all the time', () => {
  let foreign: ForeignProject
  const printed = async (name: string): Promise<readonly string[]> =>
    (await foreign.docker('logs', `${foreign.name}-${name}-1`)).split('\n')
  const failed = async (names = callers): Promise<readonly string[]> =>
    (
      await Promise.all(
        names.map(async (name) =>
          (await printed(name)).flatMap((line) =>
            line.startsWith('failed') ? [`${name}: ${line}`] : [],
          ),
        ),
      )
    ).flat()
  const until = async (name: string, address: RegExp): Promise<void> =>
    await vi.waitFor(async () => expect((await printed(name)).at(-1)).toMatch(address), {
      timeout: 30_000,
      interval: 500,
    })
  beforeAll(async () => {
    foreign = await startForeignProject(builtImage(), port, files)
    for (const name of callers) await until(name, /^via/)
  }, 240_000)
  afterAll(async () => await foreign[Symbol.asyncDispose](), 120_000)

  test('adopt fails no new connection', async () => {
    await foreign.unhappy('adopt', '--detach', '--json')
    for (const name of callers) await until(name, /^via \S+ 10\.231\./)
    expect(await failed()).toEqual([])
  })

  test('while Compose recreates a callee, callers are refused, and none waits', async () => {
    await foreign.compose('up', '--detach', '--force-recreate', '--timeout', '1', 'the-cache')
    for (const name of [...callers, holder]) await until(name, /^via the-cache 10\.231\./)
    expect((await failed()).filter((line) => line.includes('no answer'))).toEqual([])
  })

  test('release fails none of them, and with --drain no longer one that is open', async () => {
    const all = [...callers, holder]
    const before = await failed(all)
    await foreign.unhappy('release', '--drain', '20s')
    for (const name of all) await until(name, /^via \S+ (?!10\.231\.)/)
    expect(await failed(all)).toEqual(before)
  })

  test('Ctrl-C during an adoption leaves nothing', async () => {
    const before = await failed()
    const adopting = foreign.start('adopt')
    await adopting.printed('Adding')
    const status = await adopting.interrupted()
    expect([status, await foreign.ours()]).toEqual([130, []])
    for (const name of callers) await until(name, /^via \S+ (?!10\.231\.)/)
    expect(await failed()).toEqual(before)
  })
})
