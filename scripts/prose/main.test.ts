import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { expect, test } from 'vitest'

const main = path.join(import.meta.dirname, 'main.ts')

function run(cwd: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('it prints file, line, column, phrase and replacement, and exits with 1', () => {
  using folder = mkdtempDisposableSync(path.join(tmpdir(), 'prose-'))
  mkdirSync(path.join(folder.path, 'docs/node_modules'), { recursive: true })
  writeFileSync(path.join(folder.path, 'docs/page.md'), 'It waits\nfor ever.\n')
  writeFileSync(path.join(folder.path, 'docs/node_modules/foreign.md'), 'It waits for ever.\n')

  const text = run(folder.path)
  expect(text.status).toBe(1)
  expect(text.stdout).toContain('docs/page.md:2:1  "for ever"  write: forever; indefinitely\n')
  expect(text.stdout).toContain('1 finding')

  const json = run(folder.path, '--json', 'docs')
  expect(json.status).toBe(1)
  expect(JSON.parse(json.stdout)).toEqual([
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

test('it exits with 0 when there is nothing to find, and with 2 for a path that does not exist', () => {
  using folder = mkdtempDisposableSync(path.join(tmpdir(), 'prose-'))
  writeFileSync(path.join(folder.path, 'page.md'), 'It waits.\n')
  expect(run(folder.path)).toMatchObject({ status: 0, stdout: '' })
  const missing = run(folder.path, 'pages')
  expect(missing.status).toBe(2)
  expect(missing.stderr).toContain('pages does not exist')
})
