import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { parseHandIn } from '#chaos/grading/parse-hand-in.ts'

import { runInProcess } from '../../testing/in-process.ts'

async function learner() {
  const home = mkdtempSync(join(tmpdir(), 'unhappy-hand-in-'))
  onTestFinished(() => rmSync(home, { recursive: true }))
  const lab = async (...args: readonly string[]) => await runInProcess(['lab', ...args], { home })
  await lab('start', 'lab-zero')
  await lab('start', 'oversell')
  await lab('explain', 'oversell', 'Two requests read the same stock.')
  return { home, lab, out: join(home, 'hand-in.json') }
}

test('the file has code and words, and the same work gives the same bytes', async () => {
  const { home, lab, out } = await learner()
  expect((await lab('hand-in', '--name', 'Ada', '--out', out)).status).toBe(0)
  const text = readFileSync(out, 'utf8')
  const { name, labs } = parseHandIn(text)
  expect([name, labs.map(({ lab }) => lab)]).toEqual(['Ada', ['lab-zero', 'oversell']])
  expect(labs[1]?.explanation).toBe('Two requests read the same stock.')
  expect(labs[1]?.files[0]?.text).toBe(
    readFileSync(join(home, 'my-work/oversell/reserve-stock.ts'), 'utf8'),
  )
  await lab('hand-in', '--name', 'Ada', '--out', out)
  expect(readFileSync(out, 'utf8')).toBe(text)
})

test('named labs only, without a name', async () => {
  const { lab, out } = await learner()
  const { stdout } = await lab('hand-in', 'oversell', '--out', out, '--json')
  expect(JSON.parse(stdout)).toMatchObject({ file: out, name: null, labs: [{ lab: 'oversell' }] })
})

test.each([
  ['an unknown lab', ['overselling'], 'overselling'],
  ['a lab without code', ['webhooks'], 'webhooks'],
  ['a name with a control character', ['--name', 'a\tb'], 'not a valid name'],
  ['a long name', ['--name', 'x'.repeat(81)], 'not a valid name'],
])('%s is an error, and no file is written', async (_what, args, message) => {
  const { lab, out } = await learner()
  const result = await lab('hand-in', ...args, '--out', out)
  expect([result.status, result.stderr]).toEqual([3, expect.stringContaining(message)])
  expect(() => readFileSync(out)).toThrow(/ENOENT/)
})

test('another file is not replaced, and a link in the work is not followed', async () => {
  const { home, lab, out } = await learner()
  writeFileSync(out, 'mine')
  expect((await lab('hand-in', '--out', out)).stderr).toContain('not a hand-in')
  expect(readFileSync(out, 'utf8')).toBe('mine')
  rmSync(join(home, 'my-work/oversell/reserve-stock.ts'))
  symlinkSync('/etc/passwd', join(home, 'my-work/oversell/reserve-stock.ts'))
  expect((await lab('hand-in', '--out', `${out}2`)).stderr).toContain('symbolic link')
})
