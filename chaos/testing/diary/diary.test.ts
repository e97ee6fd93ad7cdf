import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

import { expect, test } from 'vitest'

import type { Evidence } from '#chaos/contracts/check.ts'
import type { FlowRun } from '#chaos/contracts/system/flow.ts'
import { projectRoot } from '#chaos/home/home.ts'

import { diary } from './diary.ts'

const chaos = join(projectRoot, 'chaos')

test('a system with its process, its flow and its truth has at most 150 lines', async () => {
  const files = (await readdir(import.meta.dirname)).filter((file) => !file.includes('.test.'))
  expect(files.toSorted()).toEqual(['diary.ts', 'process.ts'])
  const texts = await Promise.all(
    files.map(async (file) => await readFile(join(import.meta.dirname, file), 'utf8')),
  )
  expect(texts.join('').trimEnd().split('\n').length).toBeLessThanOrEqual(150)
})

test('no other file of chaos/ mentions it', async () => {
  const entries = await readdir(chaos, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !path.startsWith(import.meta.dirname) && !path.includes('/dist/'))
  expect(paths.length).toBeGreaterThan(100)
  const mentions = await Promise.all(
    paths.map(async (path) => {
      const file = relative(chaos, path)
      const text = await readFile(path, 'utf8')
      return `${file}\n${text}`.toLowerCase().includes(diary.name) ? [file] : []
    }),
  )
  expect(mentions.flat()).toEqual([])
})

test('its own check finds a lost and a doubled entry, and needs a written one', () => {
  const check = diary.checks['no-lost-entries']
  const operations = ['o-t-1', 'o-t-2'].map((key) => ({ kind: 'write', key, outcome: 'ok' }))
  const judge = (facts: object) => check?.judge(facts as Evidence, {})
  expect(judge({ operations, truth: ['o-t-1', 'o-t-2'] })).toMatchObject({ outcome: 'held' })
  expect(judge({ operations, truth: ['o-t-1', 'o-t-1'] })).toMatchObject({
    outcome: 'violated',
    offenders: [
      { id: 'o-t-1', actual: '2 entries' },
      { id: 'o-t-2', actual: '0 entries' },
    ],
  })
  expect(judge({ operations: [], truth: [] })).toMatchObject({ outcome: 'inconclusive' })
})

test.each([
  ['ok', ['o-t-1'], 'ok'],
  ['ok', [], 'lost'],
  ['ok', ['o-t-1', 'o-t-1'], 'double-effect'],
  ['fail', ['o-t-1'], 'phantom'],
  ['unknown', ['o-t-1'], 'ok-indeterminate'],
  ['unknown', [], 'ok-rejected'],
])('its flow: client %s and truth %j are %s', (outcome, truth, result) => {
  const run = { key: 'o-t-1', ack: { outcome }, truth } as unknown as FlowRun
  expect(diary.flows['write-entry']?.judge(run).result).toBe(result)
})
