import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { createFakeSandbox } from '#chaos/engine/testing/fake-sandbox.ts'

import { createGamedays } from './gameday.ts'
import type { GamedayParts } from './gameday.ts'

/** A game day with one incident in which nothing is wrong, open since its first moment. */
async function openGameday(more: Partial<GamedayParts> = {}) {
  const fake = await createFakeSandbox()
  const folder = mkdtempSync(join(tmpdir(), 'unhappy-gameday-'))
  onTestFinished(async () => {
    await fake.sandbox[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })
  const abort = new AbortController()
  const gamedays = createGamedays({
    sandbox: fake.sandbox,
    folder,
    restore: async () => undefined,
    send: async () => undefined,
    occupy: async (_name, work) => ({
      ended: work(abort.signal),
      abort: (reason) => abort.abort(new Error(reason)),
    }),
    ...more,
  })
  const { ended } = await gamedays.push({ incident: 'rowan', seed: 1, brisk: true })
  await fake.clock.advance(1_000)
  return { ...fake, gamedays, ended }
}

test('the judgement waits for an action that is in flight when the incident closes', async () => {
  const { gamedays, runtime, clock, ended } = await openGameday()
  const stopped = Promise.withResolvers<void>()
  const stop = runtime.stop.bind(runtime)
  runtime.stop = async (name, request) => {
    await stopped.promise
    await stop(name, request)
  }
  const acted = gamedays.act({ action: 'restart', target: 'api-1' })
  await clock.advance(500_000)
  expect(gamedays.view()?.open).toMatchObject({ state: 'judging', actions: [] })
  stopped.resolve()
  await acted
  await clock.advance(500_000)
  const { closed, state } = await ended
  expect(state).toBe('ended')
  expect(closed[0]?.actions).toMatchObject([{ action: 'restart', touched: ['api-1'] }])
})

test('an error at the end of a game day is in its view', async () => {
  const { clock, ended } = await openGameday({
    send: async (rates) => {
      if (rates === null) throw new Error('The traffic cannot be ended.')
    },
  })
  await clock.advance(500_000)
  expect(await ended).toMatchObject({ state: 'stopped', error: 'The traffic cannot be ended.' })
})
