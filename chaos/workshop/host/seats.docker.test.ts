import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterAll, beforeAll, expect, test } from 'vitest'

import type { InstructorView } from '#chaos/contracts/workshop.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { describeWithDocker } from '#chaos/runtime/docker/testing/describe-with-docker.ts'
import { labs } from '#labs/index.ts'

import { connectSeat } from '../seats/connect-seat.ts'
import {
  connectDockerSeats,
  removeDockerSeats,
  seatImage,
  seatOwner,
} from '../seats/docker-seats.ts'
import { seatFolders } from '../seats/seat-folders.ts'
import { callSeat, openSeat } from '../testing/seat-browser.ts'
import type { SeatBrowser } from '../testing/seat-browser.ts'
import { startHost } from './start-host.ts'
import type { RunningHost } from './start-host.ts'

const run = promisify(execFile)
/** A seat starts within 8 s on an idle machine. */
const patienceMs = 240_000
const patient = { timeout: patienceMs, interval: 250 }

const docker = async (...args: readonly string[]): Promise<string> =>
  (await run('docker', args, { maxBuffer: 16 * 1024 * 1024 })).stdout.trim()

let folder: string
let host: RunningHost
let url: string
let ada: SeatBrowser
let bob: SeatBrowser

async function start(sleepAfterMs: number): Promise<void> {
  host = await startHost({
    folder,
    title: 'Test',
    labs,
    clock: systemClock,
    address: '127.0.0.1',
    port: Number(URL.parse(url ?? '')?.port ?? 0),
    names: [],
    seats: {
      count: 2,
      engine: await connectDockerSeats(folder),
      owner: seatOwner,
      cores: 2,
      sleepAfterMs,
      diskMax: 1024 ** 3,
    },
  })
  url = host.urls[0] ?? ''
}

/** The container of a seat. */
async function containers(): Promise<ReadonlyMap<number, string>> {
  const format = '{{.ID}} {{.Label "unhappy-path.seat"}} {{.Label "unhappy-path.seats-of"}}'
  const own = createHash('sha256').update(folder).digest('hex').slice(0, 12)
  const lines = (await docker('ps', '--all', '--format', format)).split('\n')
  const found = lines.map((line) => line.split(' ')).filter(([, , of]) => of === own)
  return new Map(found.map(([id = '', seat]) => [Number(seat), id]))
}

async function inSeat(seat: number, script: string): Promise<string> {
  const id = (await containers()).get(seat) ?? ''
  return await docker('exec', id, 'sh', '-c', `${script} 2>&1 || true`)
}

async function rows(): Promise<NonNullable<InstructorView['seats']>> {
  const [, token = ''] = host.instructorUrl.split('#token=')
  const headers = { authorization: `Bearer ${token}` }
  return (
    ((await (await fetch(`${url}/api/workshop`, { headers })).json()) as InstructorView).seats ?? []
  )
}

/** The response, when the seat is ready. */
async function ask(browser: SeatBrowser, api: string, method = 'GET'): Promise<Response> {
  const endAt = performance.now() + patienceMs
  for (;;) {
    const response = await callSeat(url, browser, { api, method })
    if (![502, 503].includes(response.status) || performance.now() > endAt) return response
    await systemClock.sleep(200)
  }
}

describeWithDocker('seats in containers', () => {
  beforeAll(async () => {
    const file = ['--file', 'services/Dockerfile', '--target', 'seat', '--tag', seatImage]
    await run('docker', ['build', '--quiet', ...file, '.'], { cwd: projectRoot })
    folder = await mkdtemp(join(tmpdir(), 'unhappy-seats-'))
    await start(600_000)
    ada = await openSeat(url, { name: 'Ada', code: host.code }, patienceMs)
    bob = await openSeat(url, { name: 'Bob', code: host.code }, patienceMs)
  }, 600_000)
  afterAll(async () => {
    await host[Symbol.asyncDispose]()
    expect((await containers()).size).toBe(0)
    await rm(folder, { recursive: true })
  }, 60_000)

  test('two learners are in their own sandboxes, which have joined the workshop', async () => {
    for (const browser of [ada, bob])
      expect(await (await ask(browser, 'api/sandbox')).json()).toMatchObject({ runtime: 'local' })
    expect(await (await ask(ada, 'api/workshop')).json()).toMatchObject({
      joined: { name: 'Ada', workshop: 'Test' },
    })
    expect(await rows()).toMatchObject([
      { seat: 1, name: 'Ada', learner: expect.stringMatching(/^l1-/) },
      { seat: 2, name: 'Bob', learner: expect.stringMatching(/^l2-/) },
    ])
    expect((await ask({ ...bob, path: ada.path }, 'api/sandbox')).status).toBe(401)
  })

  test('what a learner does reaches the host, without a network', async () => {
    expect((await ask(ada, 'api/labs/lab-zero/start', 'POST')).status).toBe(200)
    const [, token = ''] = host.instructorUrl.split('#token=')
    const headers = { authorization: `Bearer ${token}` }
    const view = async () =>
      (await (await fetch(`${url}/api/workshop`, { headers })).json()) as InstructorView
    await expect
      .poll(async () => (await view()).learners.find(({ name }) => name === 'Ada'), patient)
      .toMatchObject({ lab: 'lab-zero', isOnline: true })
  })

  test('a seat reaches no network, no engine, no other seat and not the routes of the instructor', async () => {
    expect(await inSeat(1, 'ls /sys/class/net')).toBe('lo')
    expect(await inSeat(1, 'ls /var/run/docker.sock /run/docker.sock')).not.toMatch(/^\//m)
    expect(await inSeat(1, `ls ${folder}`)).toContain('No such file')
    expect(await inSeat(1, 'ls /run/unhappy-host')).toBe('http.sock')
    expect(await inSeat(1, 'touch /run/unhappy-host/x /app/x')).toMatch(/Read-only[^]*Read-only/)
    const ask = `node -e "require('http').get({socketPath:'/run/unhappy-host/http.sock',path:'/api/workshop',headers:{host:'localhost'}},(r)=>{console.log(r.statusCode);process.exit()})"`
    expect(await inSeat(1, ask)).toBe('404')
    expect(await inSeat(1, 'cat /proc/self/status')).toMatch(/^CapEff:\s*0+$/m)
  })

  test('a socket that is replaced by a link leads the host nowhere', async () => {
    await inSeat(2, 'ln -sf /var/run/docker.sock /app/state/http.sock')
    // Connections that are open still lead to the seat. A new one is refused.
    const socketPath = join(folder, 'seats', '2', 'state', 'http.sock')
    expect(() => connectSeat(socketPath)).toThrow('was replaced')
    await docker('kill', (await containers()).get(2) ?? '')
    await expect
      .poll(async () => (await callSeat(url, bob, { api: 'api/runs' })).status, patient)
      .toBe(200)
  })

  test('an endless loop, a fork bomb and a memory hog end in their seat, and the other one responds', async () => {
    const bombs = [
      'for i in 1 2 3 4 5 6 7 8; do timeout 5 sh -c "while :; do :; done" & done; wait',
      'timeout 20 node -e "const a=[]; for(;;) a.push(Buffer.alloc(5e7, 1))"',
      'timeout 3 sh -c "f() { f | f & }; f"',
    ]
    for (const bomb of bombs) {
      // The seat may end with it.
      const exploding = inSeat(2, bomb).catch(() => '')
      expect((await ask(ada, 'api/sandbox')).status).toBe(200)
      await exploding
    }
    // What a fork bomb leaves never ends: the instructor restarts the seat.
    const [, token = ''] = host.instructorUrl.split('#token=')
    const headers = { authorization: `Bearer ${token}` }
    const path = `${url}/api/workshop/seats/2/restart`
    expect((await fetch(path, { method: 'POST', headers })).status).toBe(204)
    expect((await ask(bob, 'api/runs')).status).toBe(200)
    const seat = await docker('inspect', (await containers()).get(1) ?? '')
    expect(JSON.parse(seat)).toMatchObject([
      { HostConfig: { PidsLimit: 400, Memory: 1.5 * 1024 ** 3, NetworkMode: 'none' } },
    ])
  })

  test('a killed seat keeps its work', async () => {
    const killed = (await containers()).get(1) ?? ''
    await docker('kill', killed)
    const lab = await ask(ada, 'api/labs/lab-zero')
    expect((await containers()).get(1)).not.toBe(killed)
    expect(((await lab.json()) as { files: unknown[] }).files.length).toBeGreaterThan(0)
    expect(await readdir(join(folder, 'seats', '1', 'state', 'my-work'))).toContain('lab-zero')
  })

  test('after a restart of the host the seats are the same, an idle one sleeps, and a request wakes it', async () => {
    await host[Symbol.asyncDispose]()
    expect((await containers()).size).toBe(0)
    await start(3_000)
    expect((await ask(ada, 'api/labs/lab-zero')).status).toBe(200)
    await expect
      .poll(async () => (await rows()).map(({ state }) => state), patient)
      .toEqual(['asleep', 'asleep'])
    await expect.poll(async () => (await containers()).size, patient).toBe(0)
    expect((await ask(ada, 'api/labs/lab-zero')).status).toBe(200)
  })

  test('containers that a killed host has left are known to the next one, and removed on request', async () => {
    await host[Symbol.asyncDispose]()
    const engine = await connectDockerSeats(folder)
    const folders = seatFolders(folder, 1)
    await engine.start({ seat: 1, token: 't'.repeat(40), folders })
    const next = await connectDockerSeats(folder)
    expect((await next.list()).get(1)).toEqual({ state: 'running', isCurrent: true })
    await next.freeze(1)
    expect((await next.list()).get(1)?.state).toBe('frozen')
    expect(await removeDockerSeats(folder)).toBe(1)
    expect((await containers()).size).toBe(0)
  })
})
