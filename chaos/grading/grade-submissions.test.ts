import { mkdtempSync, rmSync, writeFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import type { RunView } from '#chaos/contracts/api.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { labs } from '#labs/index.ts'

import { gradeSubmissions } from './grade-submissions.ts'
import type { GradingOptions } from './grade-submissions.ts'
import type { Judged } from './judge.ts'
import { openKeptGrades } from './kept-grades.ts'
import { readSubmissions } from './read-submissions.ts'
import { handInOf } from './testing/hand-in-of.ts'

const run = (outcome: RunView['outcome'], error: RunView['error'] = null): Judged => ({
  kind: 'run',
  run: {
    id: 'run-1',
    title: '',
    seed: 1,
    startedAt: '',
    endedAt: '',
    state: outcome === null ? 'failed' : 'done',
    outcome,
    headline: outcome === null ? null : `it ${outcome}`,
    phase: null,
    checks: [],
    verdict: null,
    error,
    folder: '',
    files: [],
  },
})

/** A folder with one hand-in per text, and a way to grade it again and again. */
async function classOf(texts: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'unhappy-grades-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(texts))
    writeFileSync(
      join(folder, `${name}.json`),
      JSON.stringify(handInOf(name, 'lab-zero', [{ seam: 'read-product', text }])),
    )
  const judgedTexts: string[] = []
  const grade = async (
    answers: (text: string, attempt: number) => Judged,
    options: Partial<GradingOptions> = {},
  ) => {
    const attempts = new Map<string, number>()
    return await gradeSubmissions(await readSubmissions(folder, labs), {
      seed: 1,
      version: '1',
      kept: openKeptGrades(join(folder, 'kept')),
      clock: systemClock,
      signal: new AbortController().signal,
      judge: async ({ files }) => {
        const text = files[0]?.text ?? ''
        judgedTexts.push(text)
        attempts.set(text, (attempts.get(text) ?? 0) + 1)
        return answers(text, attempts.get(text) ?? 0)
      },
      ...options,
    })
  }
  return { folder, grade, judgedTexts }
}

test('a second call judges only what has no grade, and code with the same text is judged once', async () => {
  const { grade, judgedTexts } = await classOf({ a: 'right', b: 'wrong', c: 'right' })
  const over = new AbortController()
  const stopped = grade(() => run('held'), {
    signal: over.signal,
    onGrade: () => over.abort(new Error('Ctrl-C')),
  })
  await expect(stopped).rejects.toThrow('Ctrl-C')
  const graded = await grade((text) => run(text === 'right' ? 'held' : 'violated'))
  expect(graded.map(({ grade }) => grade.outcome)).toEqual(['held', 'violated', 'held'])
  expect(judgedTexts).toEqual(['right', 'wrong'])
})

test('another seed, another version and changed code are judged again', async () => {
  const { grade, judgedTexts, folder } = await classOf({ a: 'code' })
  await grade(() => run('held'))
  await grade(() => run('held'), { seed: 2 })
  await grade(() => run('held'), { version: '2' })
  expect(judgedTexts).toHaveLength(3)
  expect(readdirSync(join(folder, 'kept'))).toHaveLength(3)
})

test('a damaged grade is not a grade', async () => {
  const { grade, judgedTexts, folder } = await classOf({ a: 'code' })
  await grade(() => run('held'))
  for (const name of readdirSync(join(folder, 'kept')))
    writeFileSync(join(folder, 'kept', name), '{"outcome":"he')
  await grade(() => run('violated'))
  expect(judgedTexts).toHaveLength(2)
})

test('a run that proves nothing is repeated, and not kept', async () => {
  const { grade, judgedTexts } = await classOf({ a: 'busy', b: 'once' })
  const graded = await grade((text, attempt) =>
    run(text === 'once' && attempt === 2 ? 'held' : 'inconclusive'),
  )
  expect(graded.map(({ grade }) => grade.outcome)).toEqual(['inconclusive', 'held'])
  expect(judgedTexts).toEqual(['busy', 'busy', 'busy', 'once', 'once'])
  await grade(() => run('held'))
  expect(judgedTexts.at(-1)).toBe('busy')
})

test('code that ends the sandbox twice, does not load or has no verdict is broken, with the reason', async () => {
  const { grade, judgedTexts } = await classOf({
    a: 'kills',
    b: 'kills once',
    c: 'refused',
    d: 'late',
    e: 'fails',
    f: 'busy',
  })
  const graded = await grade((text, attempt) => {
    if (text === 'kills' || (text === 'kills once' && attempt === 1))
      return { kind: 'lost', why: 'ended' }
    if (text === 'refused') return { kind: 'refused', why: 'does not load' }
    if (text === 'late') return { kind: 'late', why: 'no verdict' }
    if (text === 'busy') return { kind: 'busy', why: 'the machine is busy' }
    if (text === 'fails') return run(null, { error: 'api-1 cannot start', status: 400 })
    return run('held')
  })
  expect(graded.map(({ grade }) => [grade.outcome, grade.headline])).toEqual([
    ['broken', 'ended'],
    ['held', 'it held'],
    ['broken', 'does not load'],
    ['broken', 'no verdict'],
    ['broken', 'api-1 cannot start'],
    ['inconclusive', 'the machine is busy'],
  ])
  expect(judgedTexts.filter((text) => text === 'kills')).toHaveLength(2)
})
