import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base, expect } from 'vitest'

import { flowFileIn, listFlowFiles } from './flow-files.ts'

const test = base.extend('folder', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-flow-files-'))
  onCleanup(async () => rm(folder, { recursive: true, force: true }))
  return folder
})

const request = 'requests: [{ send: POST /orders, body: { key: "{{id}}" } }]\n'

test('a list has the flow files of a folder, each with its description or its first error', async ({
  folder,
}) => {
  await writeFile(join(folder, 'order.flow.yaml'), `description: An order.\n${request}`)
  await writeFile(join(folder, 'wrong.flow.yaml'), `${request}setle: 5s`)
  await writeFile(join(folder, 'retry-order.flow.yml'), request)
  await writeFile(join(folder, 'docker-compose.yml'), 'services: {}')
  await mkdir(join(folder, 'folder.flow.yaml'))
  const files = await listFlowFiles(folder)
  expect(files.map(({ name }) => name)).toEqual([
    'order.flow.yaml',
    'retry-order.flow.yml',
    'wrong.flow.yaml',
  ])
  const [order, retry, wrong] = files
  expect(order).toMatchObject({ description: 'An order.', error: null })
  expect(retry?.error).toMatch(
    /begins with "retry-".*Rename the file, for example order\.flow\.yml/,
  )
  expect(wrong?.error).toMatch(/^wrong\.flow\.yaml:2: Unknown key "setle"\. Did you mean "settle"/)
})

test('a folder that is gone has no flow file', async ({ folder }) => {
  expect(await listFlowFiles(join(folder, 'gone'))).toEqual([])
})

test('only a file of the folder is read', async ({ folder }) => {
  await writeFile(join(folder, 'order.flow.yaml'), request)
  const found = await flowFileIn(folder, 'order.flow.yaml')
  expect(found).toEqual({ path: join(folder, 'order.flow.yaml'), text: request })
  await expect(flowFileIn(folder, 'ordre.flow.yaml')).rejects.toThrow(/Did you mean "order\.flow/)
  await expect(flowFileIn(folder, '../order.flow.yaml')).rejects.toThrow('Unknown flow file')
})
