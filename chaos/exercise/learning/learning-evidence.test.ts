import { expect, test } from 'vitest'

import { InputError } from '#chaos/lib/errors.ts'

import { calibrationOf } from './calibration.ts'
import { evidenceOf, type EvidenceRecord } from './learning-evidence.ts'
import { parseExport } from './parse-export.ts'

const forecast = (confidence: number, right: boolean) => ({ confidence, right })

test('the Brier score is the mean squared difference between confidence and result', () => {
  expect(calibrationOf([forecast(100, true), forecast(0, false)]).brier).toBe(0)
  expect(calibrationOf([forecast(50, true), forecast(50, false)]).brier).toBe(0.25)
  expect(calibrationOf([forecast(100, false)]).brier).toBe(1)
  expect(calibrationOf([])).toMatchObject({ brier: null, confidence: null, answered: 0 })
})

test('each answer is in one band, also at the edges', () => {
  const { bands } = calibrationOf([0, 19, 20, 80, 100].map((sure) => forecast(sure, sure >= 80)))
  expect(bands.map(({ answered }) => answered)).toEqual([2, 1, 0, 0, 2])
  expect(bands.map(({ right }) => right)).toEqual([0, 0, 0, 0, 2])
  expect(bands.map(({ from, to }) => [from, to]).at(-1)).toEqual([80, 100])
})

const record = (id: string, parts: Partial<EvidenceRecord>): EvidenceRecord => ({
  id,
  prediction: null,
  ...parts,
})

test('predictions count when a run has shown which answer is right', () => {
  const { predictions, labs } = evidenceOf([
    [
      record('a', { prediction: forecast(70, true) }),
      record('b', { prediction: { confidence: 90, right: null } }),
      record('c', { prediction: { confidence: 90 } }),
    ],
  ])
  expect(predictions).toMatchObject({ right: 1, answered: 1, confidence: 70 })
  expect(labs.map(({ id }) => id)).toEqual(['a'])
})

test('a group has the answers of all its learners, by lab', () => {
  const { learners, transfer, labs } = evidenceOf([
    [record('a', { transfer: { now: forecast(80, true), later: forecast(60, false) } })],
    [record('a', { transfer: { now: forecast(40, false) } })],
    [],
  ])
  expect(learners).toBe(3)
  expect(transfer.now).toEqual({ right: 1, answered: 2 })
  expect(transfer.later).toEqual({ right: 0, answered: 1 })
  expect(transfer.calibration).toMatchObject({ right: 1, answered: 3, confidence: 60 })
  expect(labs).toMatchObject([{ id: 'a', now: { right: 1, answered: 2 } }])
})

const sure = (count: number, rightOnes: number, confidence: number) =>
  evidenceOf([
    Array.from({ length: count }, (_, i) =>
      record(`lab-${i}`, { prediction: forecast(confidence, i < rightOnes) }),
    ),
  ]).sentences.join(' ')

test('the words name the figures, and do not judge few answers', () => {
  expect(sure(10, 4, 90)).toContain('90 % sure on average and right in 40 %: 50 points too sure')
  expect(sure(10, 9, 50)).toContain('40 points too unsure')
  expect(sure(10, 7, 72)).toContain('about as sure')
  expect(sure(4, 0, 100)).not.toContain('too sure')
  expect(sure(4, 0, 100)).toContain('So far: 4')
})

test('an export is one record or a list of them', () => {
  const one = {
    v: 1,
    kind: 'lab',
    id: 'a',
    prediction: null,
    transfer: { now: forecast(80, true) },
  }
  expect(parseExport(JSON.stringify(one), 'x.json')).toMatchObject([{ id: 'a' }])
  expect(parseExport(`\uFEFF${JSON.stringify([one, one])}`, 'x.json')).toHaveLength(2)
})

test.each(['', '{}', '[1]', '[{"v":1,"kind":"lab","id":"a","prediction":{"confidence":200}}]'])(
  'the text %j is not an export',
  (text) => {
    expect(() => parseExport(text, 'x.json')).toThrow(InputError)
    expect(() => parseExport(text, 'x.json')).toThrow(/x\.json/)
  },
)
