import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base, expect } from 'vitest'

import type { XrayBody } from '#chaos/contracts/api.ts'
import { homeAt } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { system } from '#chaos/system.ts'

import { createXrayControl, type XrayControlOptions } from './xray-control.ts'

const test = base.extend('folder', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-xrays-'))
  onCleanup(async () => rm(folder, { recursive: true, force: true }))
  return folder
})

const request = { flow: 'place-order', mode: 'quick' } as const

function controlAt(folder: string, options: Partial<XrayControlOptions> = {}) {
  return createXrayControl({
    system,
    home: homeAt(folder),
    labs: [],
    clock: systemClock,
    assertAllowed: () => {},
    ...options,
  })
}

test('an unknown flow, an unknown lab or a run starts no X-ray', async ({ folder }) => {
  await using control = controlAt(folder)
  await expect(control.start({ ...request, flow: 'place-ordr' })).rejects.toThrow(/Unknown flow/)
  await expect(control.start({ ...request, lab: 'nowhere' })).rejects.toThrow(/needs the shop/)
  const assertAllowed = (): void => {
    throw new InputError('A run is using the sandbox.')
  }
  await using busy = controlAt(folder, { assertAllowed })
  await expect(busy.start(request)).rejects.toThrow('A run is using the sandbox.')
  expect(await readdir(folder)).toEqual([])
})

test('an X-ray of a flow file of the adopted folder receives its text, and the name of its flow', async ({
  folder,
}) => {
  const text = 'requests: [{ send: POST /orders, body: { key: "{{id}}" } }]'
  await writeFile(join(folder, 'order.flow.yaml'), text)
  const started: XrayBody[] = []
  const startHere: XrayControlOptions['startHere'] = async (body) => {
    started.push(body)
    throw new InputError('It ends here.')
  }
  await using control = controlAt(folder, { flowFolder: folder, startHere })
  const { files } = await control.list()
  expect(files).toEqual([{ name: 'order.flow.yaml', description: 'POST /orders', error: null }])
  const start = async (flow: string) => control.start({ flow, mode: 'full', retry: true })
  await expect(start('order.flow.yaml')).rejects.toThrow('It ends here.')
  const path = join(folder, 'order.flow.yaml')
  expect(started).toMatchObject([{ flow: 'retry-order', file: { path, text }, retry: true }])
  await expect(start('ordre.flow.yaml')).rejects.toThrow(/Did you mean "order\.flow\.yaml"/)
})

test('an unknown X-ray cannot be stopped, and an empty folder has none', async ({ folder }) => {
  await using control = controlAt(folder)
  await expect(control.stop('xray-1-place-order')).rejects.toThrow(/no X-ray/)
  expect(await control.list()).toMatchObject({ xrays: [], cannotStart: null, usesSandbox: false })
})
