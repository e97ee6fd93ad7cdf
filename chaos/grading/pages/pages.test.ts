import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { findLab } from '#chaos/exercise/find-lab.ts'
import { labs } from '#labs/index.ts'

import type { Grade, GradedLab } from '../grade.ts'
import { filesOfVersion, handInOf } from '../testing/hand-in-of.ts'
import { gradesCsv } from './grades-csv.ts'
import { writeGrades } from './write-grades.ts'
import { wrongFixesOf } from './wrong-fixes.ts'

const lab = findLab(labs, 'oversell')

function violated(...names: readonly string[]): Grade {
  const checks = names.map((name) => ({
    name,
    title: `title of ${name}`,
    outcome: 'violated' as const,
    summary: 'too many',
  }))
  return {
    outcome: 'violated',
    headline: 'sold twice',
    checks,
    reasons: [],
    seed: 1,
    tookMs: 1_500,
  }
}

function graded(learner: string, grade: Grade): GradedLab {
  return { learner, file: `${learner}.json`, lab: lab.id, grade }
}

test('a field of the CSV with quotes, lines or a formula stays one harmless field', () => {
  const grade = { ...violated('a', 'b'), headline: 'one\n"two", three' }
  const text = gradesCsv([{ ...graded('=HYPERLINK("x")', grade), file: 'x.json' }])
  expect(text.split('\r\n')[1]).toBe(
    `"'=HYPERLINK(""x"")",x.json,oversell,violated,a b,"one\n""two"", three",1,1.5`,
  )
})

test('wrong fixes are grouped by what found them; a known near miss is recognised without its comments', async () => {
  const nearMiss = lab.nearMisses[0]
  const files = await filesOfVersion(lab, `near-misses/${nearMiss?.name}`)
  const bare = files.map(({ seam, text }) => ({
    seam,
    text: `// mine\n${text.replaceAll(/\n\n+/g, '\n')}`,
  }))
  const code = (learner: string, grade: Grade, own = files) => ({
    graded: graded(learner, grade),
    lab,
    handedIn: handInOf(learner, lab.id, own).labs[0] ?? never(),
  })
  const fails = nearMiss?.fails ?? ''
  const groups = await wrongFixesOf([
    code('Ada', violated(fails), bare),
    code('Bob', { ...violated(), outcome: 'held' }),
    code('Cem', violated('another-check'), [{ seam: 'x', text: '' }]),
    code('Dan', violated(fails), [{ seam: 'x', text: '' }]),
  ])
  expect(groups.map(({ learners }) => learners)).toEqual([['Ada', 'Dan'], ['Cem']])
  expect(groups[0]?.sameAs).toEqual([`near-misses/${nearMiss?.name}`])
  expect(groups[0]?.near.map(({ name }) => name)).toContain(nearMiss?.name)
})

test('the pages show what learners wrote as text, and every link leads to a page', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unhappy-pages-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const name = '<script>alert(1)</script>'
  const file = '../a b/<x>.json'
  const handedIn = handInOf(name, lab.id, [{ seam: 'reserve-stock', text: '</pre><b>code</b>' }])
  await writeGrades(
    folder,
    [{ file, learner: name, labs: handedIn.labs.map((part) => ({ handedIn: part, lab })) }],
    [{ learner: name, file, lab: lab.id, grade: violated('books-balance') }],
  )
  const index = readFileSync(join(folder, 'index.html'), 'utf8')
  const [link = ''] = [...index.matchAll(/href="(learners\/[^"]+)"/g)].map(([, to = '']) => to)
  const page = readFileSync(join(folder, link), 'utf8')
  expect(readdirSync(folder).toSorted()).toEqual(['grades.csv', 'index.html', 'learners'])
  for (const text of [index, page]) expect(text).not.toMatch(/<script|<b>code|<x>/)
  expect(page).toContain('&lt;/pre&gt;')
})

function never(): never {
  throw new Error('the hand-in has no lab')
}
