import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base, expect } from 'vitest'

import { homeAt } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { createXrayControl, type XrayControlOptions } from './xray-control.ts'

const test = base.extend('folder', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-desk-'))
  onCleanup(async () => rm(folder, { recursive: true, force: true }))
  return folder
})

const order = { flow: 'place-order', mode: 'quick' } as const

function deskAt(folder: string, options: Partial<XrayControlOptions> = {}) {
  return createXrayControl({
    home: homeAt(folder),
    labs: [],
    clock: systemClock,
    cannotStart: null,
    assertAllowed: () => {},
    ...options,
  })
}

test('nothing is started that cannot be: no flow of that name, no such lab, not here, not now', async ({
  folder,
}) => {
  await using desk = deskAt(folder)
  await expect(desk.start({ ...order, flow: 'place-ordr' })).rejects.toThrow(/Unknown flow/)
  await expect(desk.start({ ...order, lab: 'nowhere' })).rejects.toThrow(/Unknown lab/)
  await using inDocker = deskAt(folder, { cannotStart: 'Not in Docker.' })
  await expect(inDocker.start(order)).rejects.toThrow('Not in Docker.')
  const assertAllowed = (): void => {
    throw new InputError('A run has the sandbox.')
  }
  await using busy = deskAt(folder, { assertAllowed })
  await expect(busy.start(order)).rejects.toThrow('A run has the sandbox.')
  expect(await readdir(folder)).toEqual([])
})

test('an X-ray of somebody else cannot be stopped from here, and what is not there is not found', async ({
  folder,
}) => {
  await using desk = deskAt(folder)
  await expect(desk.stop('xray-1-place-order')).rejects.toThrow(/no X-ray/)
  expect(await desk.list()).toMatchObject({ xrays: [], cannotStart: null })
})
