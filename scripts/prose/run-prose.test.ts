import { mkdirSync, mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { expect, test as base } from 'vitest'

import { runProse } from './run-prose.ts'

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    using folder = mkdtempDisposableSync(path.join(tmpdir(), 'prose-'))
    await use(folder.path)
  },
})

function run(root: string, ...args: readonly string[]) {
  const lines: string[] = []
  const errors: string[] = []
  const status = runProse(root, args, {
    out: (text) => lines.push(text),
    error: (text) => errors.push(text),
  })
  return { status, text: lines.join('\n'), errors: errors.join('\n') }
}

test('a finding has a place, the phrase and a replacement; the status is 1', ({ folder }) => {
  mkdirSync(path.join(folder, 'docs/node_modules'), { recursive: true })
  writeFileSync(path.join(folder, 'docs/page.md'), 'It waits\nfor ever.\n')
  writeFileSync(path.join(folder, 'docs/node_modules/foreign.md'), 'It waits for ever.\n')

  const { status, text } = run(folder)
  expect(status).toBe(1)
  expect(text).toContain('docs/page.md:2:1  "for ever"  write: forever; indefinitely\n')
  expect(text).toContain('1 finding.')

  const json = run(folder, '--json', 'docs')
  expect(json.status).toBe(1)
  expect(JSON.parse(json.text)).toEqual([
    {
      file: 'docs/page.md',
      line: 2,
      column: 1,
      rule: 'phrase',
      found: 'for ever',
      write: 'forever; indefinitely',
    },
  ])
})

test('without findings it prints nothing; the status is 0', ({ folder }) => {
  writeFileSync(path.join(folder, 'page.md'), 'It waits.\n')
  expect(run(folder, 'page.md')).toEqual({ status: 0, text: '', errors: '' })
})

test('a path that does not exist is bad input: the status is 2', ({ folder }) => {
  const { status, errors } = run(folder, 'pages')
  expect(status).toBe(2)
  expect(errors).toContain('pages does not exist')
})
