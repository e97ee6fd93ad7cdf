import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import type { LabFileEvent } from '#chaos/contracts/events.ts'
import { homeAt } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { labZero } from '#labs/first-steps/lab-zero/lab.ts'

import { copyStart } from '../work-files.ts'
import { versionOf } from './lab-files.ts'
import { watchLabFiles } from './watch-lab-files.ts'

test('a change of a file is published with its version, a file that is as before is not', async () => {
  const home = homeAt(await mkdtemp(join(tmpdir(), 'unhappy-watch-')))
  const events: LabFileEvent[] = []
  const polls = Promise.withResolvers<void>()
  let released = polls
  let polled = Promise.withResolvers<void>()
  // One poll per release: the test decides when time passes.
  const clock = {
    ...systemClock,
    sleep: async (_ms: number, signal?: AbortSignal) => {
      polled.resolve()
      await Promise.race([
        released.promise,
        new Promise((resolve) => signal?.addEventListener('abort', resolve)),
      ])
    },
  }
  const nextPoll = async (): Promise<void> => {
    const before = released
    released = Promise.withResolvers<void>()
    polled = Promise.withResolvers<void>()
    before.resolve()
    await polled.promise
  }
  const options = {
    home,
    labs: [labZero],
    clock,
    publish: (event: LabFileEvent) => void events.push(event),
  }
  const watch = watchLabFiles(options)
  await polled.promise
  await copyStart(home, labZero)
  await nextPoll()
  expect(events).toMatchObject([{ type: 'lab-file', lab: 'lab-zero', seam: 'read-product' }])
  await nextPoll()
  expect(events).toHaveLength(1)
  const path = join(home.work, 'lab-zero', 'read-product.ts')
  await writeFile(path, '// theirs\n')
  await nextPoll()
  expect(events.at(-1)?.version).toBe(versionOf('// theirs\n'))
  await rm(path)
  await nextPoll()
  expect(events.at(-1)?.version).toBeNull()
  expect(events).toHaveLength(3)
  await watch[Symbol.asyncDispose]()
  await rm(home.folder, { recursive: true })
})
