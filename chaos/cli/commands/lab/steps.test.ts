import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect } from 'vitest'

import type { LabView } from '#chaos/contracts/api.ts'
import type { LabRecord } from '#chaos/exercise/lab-record.ts'

import { runInProcess } from '../../testing/in-process.ts'
import { labTest } from '../../testing/lab-test.ts'

const test = labTest.extend('outcome', ({ progress }) => async (outcome: 'violated' | 'held') => {
  await progress.change('lab-zero', (before) => ({
    ...before,
    outcomes: [...before.outcomes, { run: 'run-1', outcome, at: '2030-01-01T00:00:00.000Z' }],
  }))
})

const headings = (text: string): readonly string[] =>
  ['Story', 'Run', 'Look', 'Explain', 'Fix'].filter((name) =>
    new RegExp(`^${name}$`, 'm').test(text),
  )

test('the README opens in steps: at first, after the verdict, after the explanation', async ({
  lab,
  outcome,
}) => {
  expect(headings((await lab('show', 'lab-zero')).stdout)).toEqual(['Story', 'Fix'])
  await outcome('violated')
  expect(headings((await lab('show', 'lab-zero')).stdout)).toEqual(['Story', 'Run', 'Look', 'Fix'])
  expect((await lab('explain', 'lab-zero', 'The read did not catch it.')).stdout).toContain(
    'Explain',
  )
  expect(headings((await lab('show', 'lab-zero')).stdout)).toEqual([
    'Story',
    'Run',
    'Look',
    'Explain',
    'Fix',
  ])
})

test('--all, --json and UNHAPPY_UNLOCK show everything and record nothing', async ({
  lab,
  home,
}) => {
  const all = await lab('show', 'lab-zero', '--all')
  expect(headings(all.stdout)).toEqual(['Story', 'Run', 'Look', 'Explain', 'Fix'])
  expect(all.stdout).toContain('swallow-the-error')
  const { sections, locked, learned } = JSON.parse(
    (await lab('show', 'lab-zero', '--json')).stdout,
  ) as LabView
  expect(sections.every(({ markdown }) => markdown !== undefined)).toBe(true)
  expect([locked, learned.length > 0]).toEqual([[], true])
  const environment = { UNHAPPY_UNLOCK: 'all' }
  const set = await runInProcess(['lab', 'show', 'lab-zero'], { home, environment })
  expect(headings(set.stdout)).toHaveLength(5)
  const wrong = await runInProcess(['lab', 'show', 'lab-zero'], {
    home,
    environment: { UNHAPPY_UNLOCK: 'yes' },
  })
  expect([wrong.status, wrong.stderr.includes('"yes"')]).toEqual([3, true])
  expect(headings((await lab('show', 'lab-zero')).stdout)).toEqual(['Story', 'Fix'])
})

test('a section on request is shown, recorded and stays unlocked', async ({ lab }) => {
  const { stdout } = await lab('show', 'lab-zero', '--section', 'look')
  expect(headings(stdout)).toEqual(['Look'])
  const { unlocked } = JSON.parse((await lab('export', 'lab-zero')).stdout) as LabRecord
  expect(Object.keys(unlocked)).toEqual(['look'])
  expect(headings((await lab('show', 'lab-zero')).stdout)).toEqual(['Story', 'Look', 'Fix'])
})

test('the story of the last violated run follows the explanation', async ({
  lab,
  home,
  outcome,
}) => {
  await outcome('violated')
  const story = {
    about: 'o-1-000001',
    headline: 'browse failed',
    lines: [],
    expected: '200',
    actual: '500',
  }
  const verdict = { outcome: 'violated', headline: 'x', checks: [], reasons: [], story }
  for (const [id, version, about] of [
    ['20300101-000000-lab-zero-aaaa', 'mine', 'o-1-000001'],
    ['20300102-000000-lab-zero-bbbb', 'start', 'o-2-000002'],
  ] as const) {
    const record = {
      id,
      title: 'Lab zero',
      lab: 'lab-zero',
      version,
      seed: 1,
      state: 'done',
      checks: [],
      startedAt: '2030-01-01T00:00:00.000Z',
      folder: 'x',
      outcome: 'violated',
      verdict: { ...verdict, story: { ...story, about } },
    }
    await mkdir(join(home, 'runs', id), { recursive: true })
    await writeFile(join(home, 'runs', id, 'run.json'), JSON.stringify(record))
  }
  const refused = await lab('explain', 'lab-zero')
  expect([refused.status, refused.stdout]).toEqual([3, ''])
  const { stdout } = await lab('explain', 'lab-zero', 'Redis was down.')
  expect(stdout).toContain('o-1-000001')
  expect(stdout).not.toContain('o-2-000002')
  expect((await lab('explain', 'lab-zero')).stdout).toContain('o-1-000001')
})

test('each lens keeps its text, and the export has all of it', async ({ lab }) => {
  await lab('start', 'lab-zero')
  await lab('lenses', 'lab-zero', '--truth', 'Postgres.', '--tradeOff', 'A slower read.')
  await lab('lenses', 'lab-zero', '--tradeOff', 'None.')
  expect((await lab('lenses', 'lab-zero')).stdout).toMatch(/Source of truth +Postgres\./)
  const records = JSON.parse((await lab('export')).stdout) as readonly LabRecord[]
  expect(records).toMatchObject([
    {
      id: 'lab-zero',
      state: 'started',
      prediction: null,
      lenses: { truth: 'Postgres.', tradeOff: 'None.', contract: '' },
      files: [{ text: expect.stringContaining('readProduct') as string }],
    },
  ])
})

test.for([
  [['show', 'lab-zero', '--section', 'runn'], /"runn"/],
  [['show', 'no-lab'], /no-lab/],
  [['explain', 'lab-zero', ' '], /explanation/],
  [['lenses', 'lab-zero', '--truth', 'a'.repeat(10_001)], /10001/],
  [['export', 'no-lab'], /no-lab/],
] as const)('lab %j is a mistake of the user', async ([args, message], { lab }) => {
  const { status, stdout, stderr } = await lab(...args)
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' })
  expect(stderr).toMatch(message)
})

test('the list is a path with one next lab', async ({ lab, outcome }) => {
  const next = async () =>
    (await lab('list')).stdout.split('\n').filter((line) => line.includes('→'))
  expect(await next()).toEqual([expect.stringMatching(/→ +1 +lab-zero/)])
  await outcome('held')
  expect(await next()).toEqual([expect.stringMatching(/→ +2 +slow-dependency/)])
  expect((await lab('list')).stdout).toContain('1 of 22 labs')
})
