import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'

import { newSettings } from '../join-workshop.ts'
import { openEventStore } from './event-store.ts'

const it = test.extend('open', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-workshop-'))
  onCleanup(async () => rm(folder, { recursive: true }))
  return () =>
    Object.assign(
      openEventStore({
        folder,
        clock: systemClock,
        settings: () => newSettings('Test', systemClock),
        onStored: () => undefined,
      }),
      { folder },
    )
})

it('only the owner can read the files', async ({ open }) => {
  using store = open()
  store.append({ kind: 'sequence', labs: ['lab-zero'] })
  for (const name of ['workshop.db', 'workshop.db-wal']) {
    const { mode } = await stat(join(store.folder, name))
    expect([name, (mode & 0o777).toString(8)]).toEqual([name, '600'])
  }
})

it('a second host of the same folder is refused', ({ open }) => {
  using _first = open()
  expect(open).toThrow(/Another workshop host uses/)
})
