import { mkdir, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test as base } from 'vitest'

import type { Verdict } from '#chaos/contracts/verdict.ts'
import { labFolder } from '#chaos/exercise/folders.ts'
import type { LabProgress } from '#chaos/exercise/progress-store.ts'
import { system } from '#chaos/system.ts'
import { labZero } from '#labs/first-steps/lab-zero/lab.ts'

import { reportRun } from './report-run.ts'
import type { RunRecord } from './run-archive.ts'

const verdict: Verdict = { outcome: 'violated', headline: 'It broke.', checks: [], reasons: [] }
const record: RunRecord = {
  id: 'r-1',
  title: labZero.title,
  lab: labZero.id,
  version: 'mine',
  seed: 1,
  startedAt: '2026-01-01T00:00:00Z',
  endedAt: '2026-01-01T00:00:10Z',
  state: 'done',
  outcome: 'violated',
  headline: 'It broke.',
  phase: null,
  checks: [],
  verdict,
  error: null,
  folder: 'runs/r-1',
}
const progress: LabProgress = {
  hintsUsed: 0,
  outcomes: [],
  prediction: { answer: labZero.prediction.right, confidence: 60, at: '2026-01-01T00:00:00Z' },
  explanation: 'The cache was the only copy.',
}
const seam = labZero.seams[0]?.seam ?? ''

const test = base.extend('report', async ({}, { onCleanup }) => {
  const folder = await mkdtempDisposable(join(tmpdir(), 'report-run-'))
  onCleanup(() => folder.remove())
  const start = await readFile(join(labFolder(labZero), 'start', `${seam}.ts`), 'utf8')
  await mkdir(join(folder.path, 'code'))
  await writeFile(join(folder.path, 'code', `${seam}.ts`), `${start}\n// A line of the learner.\n`)
  await writeFile(join(folder.path, 'journal.jsonl'), '')
  return async (change: Partial<RunRecord>): Promise<string> => {
    await reportRun(
      { ...record, ...change },
      {
        system,
        labs: [labZero],
        folderOf: () => folder.path,
        progressOf: async () => progress,
      },
    )
    return await readFile(join(folder.path, 'report.html'), 'utf8').catch(() => '')
  }
})

test("the report of the learner's code has the diff, the prediction and the explanation", async ({
  report,
}) => {
  const page = await report({})
  expect(page).toContain('+// A line of the learner.')
  expect(page).toContain('(60 % sure)')
  expect(page).toContain('The cache was the only copy.')
})

test('an inconclusive run does not say which prediction is right', async ({ report }) => {
  const page = await report({ outcome: 'inconclusive' })
  expect(page).toContain('(60 % sure)')
  expect(page).not.toContain('measured')
})

test('the report of another version has nothing that the learner wrote', async ({ report }) => {
  const page = await report({ version: 'start' })
  expect(page).toContain(labZero.goal)
  expect(page).not.toContain('The cache was the only copy.')
  expect(page).not.toContain('(60 % sure)')
})

test('a run without a verdict has no report', async ({ report }) => {
  expect(await report({ verdict: null })).toBe('')
})
