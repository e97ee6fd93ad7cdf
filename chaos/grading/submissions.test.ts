import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { labs } from '#labs/index.ts'

import { handInMaxBytes } from './hand-in.ts'
import { readSubmissions } from './read-submissions.ts'
import { handInOf } from './testing/hand-in-of.ts'

function folderOf(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'unhappy-hand-ins-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files))
    writeFileSync(
      join(folder, name),
      typeof content === 'string' ? content : JSON.stringify(content),
    )
  return folder
}

const good = { seam: 'read-product', text: 'export {}\n' }

test('a hand-in has a learner and labs; without a name the file names the learner', async () => {
  const nameless = { ...handInOf('', 'lab-zero', [good]), name: null }
  const found = await readSubmissions(
    folderOf({
      'b.json': handInOf('Ada', 'lab-zero', [good]),
      'a.json': nameless,
      'notes.txt': '',
    }),
    labs,
  )
  expect(found.map(({ file, learner, labs }) => [file, learner, labs[0]?.lab?.id])).toEqual([
    ['a.json', 'a', 'lab-zero'],
    ['b.json', 'Ada', 'lab-zero'],
  ])
})

test.each([
  ['text', 'not JSON', /not JSON/],
  ['another format', { format: 'other' }, /not a hand-in/],
  [
    'an unknown member',
    { ...handInOf('Ada', 'lab-zero', [good]), outcome: 'held' },
    /not a hand-in/,
  ],
  ['deep nesting', '['.repeat(100_000), /not/],
])('a file with %s has a problem, and the others are read', async (_what, content, problem) => {
  const folder = folderOf({ 'bad.json': content, 'good.json': handInOf('Ada', 'lab-zero', [good]) })
  const [bad, other] = await readSubmissions(folder, labs)
  expect(bad?.problem).toMatch(problem)
  expect(other?.labs).toHaveLength(1)
})

test('links, folders and huge files are not read', async () => {
  const folder = folderOf({ 'huge.json': '' })
  truncateSync(join(folder, 'huge.json'), handInMaxBytes + 1)
  symlinkSync('/etc/passwd', join(folder, 'link.json'))
  mkdirSync(join(folder, 'folder.json'))
  const problems = (await readSubmissions(folder, labs)).map(({ problem }) => problem)
  expect(problems).toEqual([
    expect.stringMatching(/regular/),
    expect.stringMatching(/MB/),
    expect.stringMatching(/link/),
  ])
})

test.each([
  ['a path instead of a seam', [{ ...good, seam: '../../package' }], /not a seam/],
  ['the seam of another lab', [good, { ...good, seam: 'place-order' }], /not a seam/],
  ['no file', [], /0 times/],
  ['a file twice', [good, good], /2 times/],
  ['a file of more than 1 MB', [{ ...good, text: 'x'.repeat(1_048_577) }], /1 MB/],
  ['a file that is not text', [{ ...good, text: 'a\0b' }], /UTF-8/],
])('a lab with %s cannot be judged', async (_what, files, problem) => {
  const folder = folderOf({ 'a.json': handInOf('Ada', 'lab-zero', files) })
  const [submission] = await readSubmissions(folder, labs)
  expect(submission?.labs[0]?.problem).toMatch(problem)
  expect(submission?.labs[0]?.lab).toBeUndefined()
})

test('a folder without hand-ins, and one that does not exist, are errors', async () => {
  await expect(readSubmissions(folderOf({ 'a.txt': '' }), labs)).rejects.toThrow(/no hand-in/)
  await expect(readSubmissions('/no/such/folder', labs)).rejects.toThrow('/no/such/folder')
})
