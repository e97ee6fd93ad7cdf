import { join } from 'node:path'

import { expect, test, vi } from 'vitest'

import { createApiClient } from '#chaos/api/client/api-client.ts'
import { createTestCli } from '#chaos/cli/testing/test-cli.ts'
import { listSandboxFiles } from '#chaos/home/sandbox-file.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { system } from '#chaos/system.ts'

import { leaksIn, readEverything } from './testing/leaks.ts'
import type { Reading } from './testing/leaks.ts'
import { playIncident, rightAnswers } from './testing/play-incident.ts'

const startsWithin = { timeout: 60_000, interval: 100 }

test('a real incident and one with nothing wrong are hidden until they close, and get their scores', async () => {
  const [real, quiet] = ['birch', 'rowan'].map((id) =>
    system.gamedays?.incidents.find((incident) => incident.id === id),
  )
  if (real === undefined || quiet === undefined) throw new Error('the catalogue has changed')
  await using cli = await createTestCli()
  const up = cli.start(['up'])
  const file = await vi.waitFor(async () => {
    const [found] = await listSandboxFiles(join(cli.home, '.unhappy', 'sandboxes'))
    if (found === undefined) throw new Error('there is no file yet')
    return found
  }, startsWithin)
  const over = new AbortController()
  const { signal } = over
  const client = createApiClient(file, systemClock, signal)

  let readings: readonly Reading[] = []
  const debrief = await playIncident(
    client,
    real,
    {
      seed: 1,
      answers: rightAnswers(real),
      actions: real.mitigations[0]?.actions ?? [],
      onSymptoms: async () => {
        readings = await readEverything(client, signal)
        // The rest of the sandbox is not for users during a game day.
        const inject = client.inject({
          kind: 'latency',
          target: 'api-1:redis',
          params: { latencyMs: 1 },
        })
        await expect(inject).rejects.toThrow('game day')
      },
    },
    signal,
  )
  expect(readings.length).toBeGreaterThan(15)
  expect(leaksIn(real, readings)).toEqual([])
  // The same search finds the answer where it is.
  const closed = { from: 'closed', text: JSON.stringify(await client.gameday()) }
  expect(leaksIn(real, [closed])).not.toEqual([])
  expect(debrief.score).toMatchObject({ detection: 1, place: 1, cause: 1, chain: 1 })
  expect(debrief.actions).toHaveLength(1)

  const calm = await playIncident(
    client,
    quiet,
    { seed: 1, answers: { wrong: false }, actions: [] },
    signal,
  )
  expect(calm.score.points).toBe(100)
  expect((await client.sandbox()).faults).toEqual([])
  over.abort()
  up.process.kill('SIGTERM')
  await up.result
}, 180_000)
