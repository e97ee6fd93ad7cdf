import { test as base, expect } from 'vitest'

import { createManualClock } from '#chaos/engine/testing/manual-clock.ts'

import type { LanguageServer } from './language-server.ts'
import { createTypeChecker } from './type-checker.ts'

interface FakeServer extends LanguageServer {
  readonly notified: readonly string[]
  readonly disposed: boolean
}

/** Servers that respond at once, unless `hang` is set. */
function createFakeServers() {
  const servers: FakeServer[] = []
  const state = { hang: false, fail: false }
  const start = async (): Promise<LanguageServer> => {
    if (state.fail) throw new Error('no executable')
    const end = Promise.withResolvers<void>()
    const notified: string[] = []
    const server = {
      pid: -1 - servers.length,
      ended: end.promise,
      notified,
      disposed: false,
      notify: (method: string) => void notified.push(method),
      request: async <T>(): Promise<T> => {
        if (state.hang) await new Promise(() => undefined)
        return { items: [] } as T
      },
      [Symbol.asyncDispose]: async () => {
        server.disposed = true
        end.resolve()
      },
    }
    servers.push(server)
    return server
  }
  return { servers, state, start }
}

const test = base
  .extend('clock', () => createManualClock())
  .extend('fake', () => createFakeServers())
  .extend('checker', ({ clock, fake }) =>
    createTypeChecker({ clock, start: fake.start, idleMs: 1_000 }),
  )

test('one server answers every request; each has its own text', async ({ checker, fake }) => {
  expect(checker.pid).toBeUndefined()
  await Promise.all([checker.diagnostics('a', 100), checker.diagnostics('b', 100)])
  expect(fake.servers).toHaveLength(1)
  expect(fake.servers[0]?.notified).toEqual(['textDocument/didOpen', 'textDocument/didChange'])
})

test('an idle server stops, and the next request starts another one', async ({
  checker,
  clock,
  fake,
}) => {
  await checker.diagnostics('a', 100)
  await clock.advance(900)
  await checker.diagnostics('a', 100)
  await clock.advance(900)
  expect(fake.servers[0]?.disposed).toBe(false)
  await clock.advance(200)
  expect([fake.servers[0]?.disposed, checker.pid]).toEqual([true, undefined])
  expect((await checker.diagnostics('a', 100)).state).toBe('ready')
  expect(fake.servers).toHaveLength(2)
})

test('a result that is late is reported as starting', async ({ checker, clock, fake }) => {
  fake.state.hang = true
  const found = checker.diagnostics('a', 900)
  await clock.advance(900)
  expect(await found).toMatchObject({ state: 'starting', diagnostics: [], tookMs: 900 })
})

test('a server that does not respond is stopped, and the reason is given', async ({
  checker,
  clock,
  fake,
}) => {
  fake.state.hang = true
  const found = checker.diagnostics('a', 60_000)
  await clock.advance(20_000)
  expect(await found).toMatchObject({
    state: 'unavailable',
    reason: expect.stringContaining('15 s') as string,
  })
  expect(fake.servers[0]?.disposed).toBe(true)
  fake.state.hang = false
  expect((await checker.diagnostics('a', 100)).state).toBe('ready')
})

test('without an executable there is a reason and no error', async ({ checker, fake }) => {
  fake.state.fail = true
  expect(await checker.hover('a', { line: 1, column: 1 }, 100)).toMatchObject({
    markdown: null,
    state: 'unavailable',
  })
  expect((await checker.diagnostics('a', 100)).reason).toContain('no executable')
})

test('more requests than can wait are told to ask again', async ({ checker, clock, fake }) => {
  fake.state.hang = true
  const all = Array.from({ length: 25 }, async () => checker.diagnostics('a', 900))
  const last = await all.at(-1)
  expect([last?.state, last?.tookMs]).toEqual(['starting', 0])
  await clock.advance(900)
  await Promise.all(all)
})

test('after its end nothing runs and nothing starts', async ({ checker, fake }) => {
  await checker.diagnostics('a', 100)
  await checker[Symbol.asyncDispose]()
  expect(fake.servers[0]?.disposed).toBe(true)
  expect((await checker.diagnostics('a', 100)).state).toBe('unavailable')
  expect(fake.servers).toHaveLength(1)
})
