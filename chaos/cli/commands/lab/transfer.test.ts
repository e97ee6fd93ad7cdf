import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect } from 'vitest'

import type { LearningEvidence, TransferView } from '#chaos/contracts/api.ts'
import type { LabRecord } from '#chaos/exercise/lab-record.ts'

import { labTest } from '../../testing/lab-test.ts'

const test = labTest.extend('hold', ({ progress }) => async () => {
  await progress.change('lab-zero', (before) => ({
    ...before,
    prediction: { answer: 2, confidence: 90, at: '2030-01-01T00:00:00.000Z' },
    outcomes: [{ run: 'r', outcome: 'held', at: '2030-01-01T00:00:00.000Z' }],
  }))
})

const rightAnswer = ['--message', '2', '--sure', '70'] as const

test('the question is due when the code holds, and the list says so', async ({ lab, hold }) => {
  expect((await lab('list')).stdout).not.toContain('unhappy lab transfer')
  expect((await lab('transfer', 'lab-zero')).stdout).toContain('unhappy lab check lab-zero')
  expect(await lab('transfer', 'lab-zero', '--choice', 'a', ...rightAnswer)).toMatchObject({
    status: 3,
  })
  await hold()
  expect((await lab('list')).stdout).toMatch(/unhappy lab transfer.*lab-zero/)
  expect((await lab('progress')).stdout).toMatch(/unhappy lab transfer.*lab-zero/)
  const { stdout } = await lab('transfer')
  expect(stdout).toMatch(/^\[2\] 11 .*redis\.zincrby/m)
  expect(stdout).not.toContain('Where else')
})

test('an answer is kept, judged and exported, and then it cannot change', async ({ lab, hold }) => {
  await hold()
  const before = JSON.parse((await lab('transfer', '--json')).stdout) as TransferView
  expect(JSON.stringify(before)).not.toContain('elsewhere')
  const index = before.question?.choices.findIndex(({ id }) => id === 'counter-decides') ?? -1
  const letter = String.fromCharCode('a'.charCodeAt(0) + index)
  const { stdout, status } = await lab('transfer', 'lab-zero', '--choice', letter, ...rightAnswer)
  expect(status).toBe(0)
  expect(stdout).toContain('Right.')
  expect(await lab('transfer', 'lab-zero', '--choice', letter, ...rightAnswer)).toMatchObject({
    status: 3,
  })
  const record = JSON.parse((await lab('export', 'lab-zero')).stdout) as LabRecord
  const now = { message: 2, choice: 'counter-decides', confidence: 70, right: true }
  expect(record.transfer.now).toMatchObject(now)
  expect(record.prediction).toMatchObject({ right: true })
  const evidence = JSON.parse((await lab('progress', '--json')).stdout) as LearningEvidence
  expect(evidence.transfer.now).toEqual({ right: 1, answered: 1 })
})

test.for([
  [['--choice', 'z', '--message', '1'], 'z'],
  [['--choice', 'a'], '--message'],
  [['--choice', 'a', '--message', '9'], '9'],
  [['--choice', 'a', '--message', '1', '--sure', '101'], '101'],
] as const)(
  'the flags %j are refused, and nothing is kept',
  async ([flags, value], { lab, hold, progress }) => {
    await hold()
    const { status, stderr } = await lab('transfer', 'lab-zero', ...flags)
    expect({ status, named: stderr.includes(value) }).toEqual({ status: 3, named: true })
    expect((await progress.of('lab-zero')).transfer).toBeUndefined()
  },
)

test('the exports of a group are shown together; another file is refused', async ({
  lab,
  hold,
  home,
}) => {
  await hold()
  const { stdout } = await lab('export')
  const files = ['a.json', 'b.json'].map((name) => join(home, name))
  for (const file of files) await writeFile(file, stdout)
  const group = JSON.parse((await lab('progress', ...files, '--json')).stdout) as LearningEvidence
  expect(group).toMatchObject({ learners: 2, predictions: { right: 2, answered: 2 } })
  await writeFile(join(home, 'c.json'), '{}')
  expect(await lab('progress', join(home, 'c.json'))).toMatchObject({ status: 3 })
  expect(await lab('progress', join(home, 'd.json'))).toMatchObject({ status: 3 })
})
