import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { platform } from 'node:process'

import { describe, expect, test } from 'vitest'

import type { SeatStatus } from '#chaos/contracts/workshop.ts'

import { call, joinInSeat, openSeatsHost } from '../testing/open-seats.ts'
import type { SeatsHost } from '../testing/open-seats.ts'
import { callSeat, openSeat } from '../testing/seat-browser.ts'

const it = test.extend('open', async ({}, { onCleanup }) => {
  const open = await openSeatsHost()
  onCleanup(async () => open[Symbol.asyncDispose]())
  return open
})

const joined = async ({ url, host }: SeatsHost, name: string) =>
  await openSeat(url, { name, code: host.code })

const check = { method: 'POST', api: 'api/labs/lab-zero/check', body: {} } as const

describe.runIf(platform === 'linux')('seats of a host, without containers', () => {
  it('a learner joins with a browser alone and is in the own seat', async ({ open }) => {
    const ada = await joined(open, 'Ada')
    expect(ada.path).toBe('/seats/1/')
    const page = await fetch(`${open.url}${ada.path}`, { headers: { cookie: ada.cookie } })
    expect(await page.text()).toContain('data-seat="1"')
    const response = await callSeat(open.url, ada, { api: 'api/sandbox' })
    expect(await response.json()).toMatchObject({ seat: 1 })
    const [, received] = open.fake.requests
    expect(received?.headers).toMatchObject({ 'x-unhappy-caller': 'page', host: 'localhost' })
    expect(received?.headers.authorization).toMatch(/^Bearer [\w-]{43}$/)
    expect(received?.headers.cookie).toBeUndefined()
    // What a seat responds sets no cookie on the host, and has no origin as a page of its own.
    expect(response.headers.get('set-cookie')).toBeNull()
    expect(response.headers.get('content-security-policy')).toMatch(/^sandbox /)
  })

  it('another seat cannot be read or used: path, cookie, key, token, stream, Host, Origin', async ({
    open,
  }) => {
    const [ada, bob] = [await joined(open, 'Ada'), await joined(open, 'Bob')]
    expect(bob.path).toBe('/seats/2/')
    const before = open.fake.requests.length
    const [, instructorToken = ''] = open.host.instructorUrl.split('#token=')
    const host = new URL(open.url).host
    const attempts: readonly [string, Record<string, string>][] = [
      ['/seats/1/api/sandbox', {}],
      ['/seats/1/api/sandbox', { cookie: bob.cookie }],
      ['/seats/2/../1/api/sandbox', { cookie: bob.cookie }],
      ['/seats/2/%2e%2e/1/api/sandbox', { cookie: bob.cookie }],
      ['/seats/%31/api/sandbox', { cookie: bob.cookie }],
      ['/seats/1/api/events', { cookie: bob.cookie }],
      ['/seats/1/api/seat', { cookie: bob.cookie }],
      ['/seats/1/', { cookie: bob.cookie }],
      ['/seats/1/api/sandbox', { authorization: `Bearer ${instructorToken}` }],
      ['/seats/1/api/sandbox', { authorization: `Bearer ${bob.key}`, 'x-unhappy-key': bob.key }],
      ['/seats/1/api/sandbox', { 'x-unhappy-caller': 'page', cookie: `${bob.cookie}x` }],
    ]
    for (const [path, headers] of attempts)
      expect([401, 404], path).toContain((await call(open.url, path, { headers })).status)
    for (const headers of [
      { cookie: ada.cookie, host: 'evil.example' },
      { cookie: ada.cookie, host: `evil.example:${host.split(':')[1]}` },
    ])
      expect((await call(open.url, '/seats/1/api/sandbox', { headers })).status).toBe(421)
    const json = { cookie: ada.cookie, 'content-type': 'application/json' }
    for (const headers of [
      json,
      { ...json, 'x-unhappy-key': bob.key },
      { ...json, 'x-unhappy-key': ada.key, origin: 'http://evil.example' },
    ])
      expect(
        (await call(open.url, '/seats/1/api/faults', { method: 'POST', headers, body: '{}' }))
          .status,
      ).toBe(403)
    expect(open.fake.requests).toHaveLength(before)
  })

  it('the instructor looks into a seat, and changes something only while the learner asks for help', async ({
    open,
  }) => {
    await joined(open, 'Ada')
    const member = await joinInSeat(open, 1)
    const link = await open.asInstructor('POST', 'seats/1/links', { role: 'instructor' })
    const { path } = (await link.json()) as { readonly path: string }
    const instructor = await openSeat(open.url, { link: path })
    expect((await callSeat(open.url, instructor, { api: 'api/sandbox' })).status).toBe(200)
    const change = async () =>
      (await callSeat(open.url, instructor, { method: 'POST', api: 'api/faults', body: {} })).status
    expect(await change()).toBe(403)
    await member.report({ type: 'help', id: 'h1', at: '2030-01-01T00:00:00.000Z' })
    expect(await change()).toBe(200)
    expect(await (await callSeat(open.url, instructor, { api: 'api/seat' })).json()).toMatchObject({
      role: 'instructor',
      name: 'Ada',
      isHelpWanted: true,
    })
    await open.asInstructor('PUT', `learners/${member.learner}/help`)
    expect(await change()).toBe(403)
    expect((await call(open.url, path)).status).toBe(401)
  })

  it('a seat reaches of the host what its learner needs, and always as the same learner', async ({
    open,
  }) => {
    await joined(open, 'Ada')
    const [first, second] = [await joinInSeat(open, 1), await joinInSeat(open, 1)]
    expect(second.learner).toBe(first.learner)
    expect((await joinInSeat(open, 2)).learner).not.toBe(first.learner)
    const socketPath = join(open.folder, 'seats', '1', 'host', 'http.sock')
    const [, token = ''] = open.host.instructorUrl.split('#token=')
    const headers = { authorization: `Bearer ${token}`, host: 'localhost' }
    for (const path of ['/', '/seats/1/', '/api/workshop', '/api/projector', '/seats/2/api/seat'])
      expect([path, (await call(open.url, path, { headers, socketPath })).status]).toEqual([
        path,
        404,
      ])
  })

  it('checks wait for their turn, and the next one begins when the first has ended', async ({
    open,
  }) => {
    const [ada, bob] = [await joined(open, 'Ada'), await joined(open, 'Bob')]
    expect((await callSeat(open.url, ada, check)).status).toBe(200)
    const waiting = callSeat(open.url, bob, check)
    const status = async () =>
      (await (await callSeat(open.url, bob, { api: 'api/seat' })).json()) as SeatStatus
    await expect.poll(async () => (await status()).queue).toEqual({ place: 1, of: 1 })
    open.fake.endRuns(1)
    expect((await waiting).status).toBe(200)
    expect(await status()).toMatchObject({ queue: null, isChecking: true })
    expect(open.fake.calls).toContain('favour 2 true')
    // A seat that dies during its check gives its place to the next one.
    const again = callSeat(open.url, ada, check)
    await open.fake.kill(2)
    expect((await again).status).toBe(200)
  })

  it('a seat whose container was killed starts again with the next request', async ({ open }) => {
    const ada = await joined(open, 'Ada')
    await open.fake.kill(1)
    await expect
      .poll(async () => (await callSeat(open.url, ada, { api: 'api/sandbox' })).status)
      .toBe(200)
    expect(open.fake.calls.filter((each) => each === 'start 1')).toHaveLength(2)
  })

  it('the page says that a code is wrong, that a name has a seat and that all seats are taken', async ({
    open,
  }) => {
    const join = async (name: string, code: string) => {
      const body = new URLSearchParams({ name, code }).toString()
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const { status, text } = await call(open.url, '/seats', { method: 'POST', headers, body })
      return [status, text.includes('role="alert"')]
    }
    const { code } = open.host
    expect(await join('Ada', 'WRONG1')).toEqual([403, true])
    expect(await join(' \u2800 ', code)).toEqual([400, true])
    await joined(open, 'Ada')
    expect(await join('ADA', code)).toEqual([409, true])
    await joined(open, 'Bob')
    expect(await join('Eve', code)).toEqual([409, true])
  })
})

describe.runIf(platform === 'linux')('seats of a host over time', () => {
  test('an idle seat sleeps, a seat with an open stream does not, and a request wakes it', async () => {
    await using open = await openSeatsHost({ sleepAfterMs: 300 })
    const [ada, bob] = [await joined(open, 'Ada'), await joined(open, 'Bob')]
    const streaming = await callSeat(open.url, bob, { api: 'api/events' })
    const states = async () => (await open.seats()).map(({ state }) => state)
    await expect.poll(states).toEqual(['asleep', 'ready'])
    expect((await callSeat(open.url, ada, { api: 'api/sandbox' })).status).toBe(200)
    await streaming.body?.cancel()
    await expect.poll(states).toEqual(['asleep', 'asleep'])
  })

  test('a restarted host knows its learners, and their seats are theirs', async () => {
    const first = await openSeatsHost()
    const ada = await joined(first, 'Ada')
    await using second = await first.restart()
    expect(first.fake.calls.slice(-2).toSorted()).not.toEqual([])
    await callSeat(second.url, ada, { api: 'api/sandbox' })
    const cookie = ada.cookie.replace(/session-\d+/, `session-${new URL(second.url).port}`)
    const same = { ...ada, cookie }
    expect((await callSeat(second.url, same, { api: 'api/sandbox' })).status).toBe(200)
    expect((await callSeat(second.url, same, { method: 'POST', api: 'api/halt' })).status).toBe(200)
  })

  test('a seat above its disk limit stops, says so, and starts again after its runs are deleted', async () => {
    await using open = await openSeatsHost({ seats: 1, diskMax: 1024 ** 2 })
    const ada = await joined(open, 'Ada')
    await open.write(1, 'runs/huge', 4 * 1024 ** 2)
    await expect.poll(async () => (await open.seats())[0]?.state).toBe('full')
    const refused = await callSeat(open.url, ada, { api: 'api/sandbox' })
    expect(refused.status).toBe(507)
    expect(await refused.text()).toContain('4 MiB of 1 MiB')
    await open.asInstructor('POST', 'seats/1/clear')
    expect((await callSeat(open.url, ada, { api: 'api/sandbox' })).status).toBe(200)
  })

  test('a seat that the instructor frees is empty for the next learner, closed for the last one, and the work is kept', async () => {
    await using open = await openSeatsHost({ seats: 1 })
    const ada = await joined(open, 'Ada')
    const first = await joinInSeat(open, 1)
    await open.write(1, 'my-work/fix.ts', 5)
    const link = await open.asInstructor('POST', 'seats/1/links', { role: 'learner' })
    expect((await open.asInstructor('POST', 'seats/1/free')).status).toBe(204)
    expect(await open.seats()).toMatchObject([{ name: null, learner: null }])
    expect((await callSeat(open.url, ada, { api: 'api/sandbox' })).status).toBe(401)
    const { path } = (await link.json()) as { readonly path: string }
    expect((await call(open.url, path)).status).toBe(401)
    const bob = await joined(open, 'Ada')
    expect(bob.path).toBe('/seats/1/')
    expect((await joinInSeat(open, 1)).learner).not.toBe(first.learner)
    const own = join(open.folder, 'seats', '1')
    expect(await readdir(join(own, 'left-1', 'my-work'))).toEqual(['fix.ts'])
    expect(await readdir(join(own, 'state'))).not.toContain('my-work')
    // Even after a restart of the host.
    await using second = await open.restart()
    expect((await second.seats()).map(({ name }) => name)).toEqual(['Ada'])
    const cookie = ada.cookie.replace(/session-\d+/, `session-${new URL(second.url).port}`)
    expect((await callSeat(second.url, { ...ada, cookie }, { api: 'api/seat' })).status).toBe(401)
    expect((await second.asInstructor('POST', 'seats/1/free')).status).toBe(204)
    expect(await readdir(own)).toContain('left-2')
    expect((await second.asInstructor('POST', 'seats/1/free')).status).toBe(409)
  })

  test('at the end of the host no container is left', async () => {
    const open = await openSeatsHost()
    await joined(open, 'Ada')
    await open.host[Symbol.asyncDispose]()
    expect((await open.fake.engine.list()).size).toBe(0)
    await open[Symbol.asyncDispose]()
  })
})
