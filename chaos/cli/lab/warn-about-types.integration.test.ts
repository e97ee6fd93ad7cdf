import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { copyStart } from '#chaos/exercise/work-files.ts'
import { homeAt } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { labZero } from '#labs/first-steps/lab-zero/lab.ts'

import type { Cli } from '../cli.ts'
import { createPrinter } from '../ui/printer.ts'
import { warnAboutTypes } from './warn-about-types.ts'

test('a type error is a warning with its place and its line of code, and correct code has none', async () => {
  const home = homeAt(await mkdtemp(join(tmpdir(), 'unhappy-types-')))
  await copyStart(home, labZero)
  const lines: string[] = []
  const printer = createPrinter(
    { columns: 100, write: (text: string) => lines.push(text) },
    { noColour: true, environment: {} },
  )
  const cli = { home, err: printer, json: false, clock: systemClock } as Cli
  await warnAboutTypes(cli, labZero)
  expect(lines.join('')).toBe('')
  const path = join(home.work, 'lab-zero', 'read-product.ts')
  await writeFile(path, '// one\nexport function f() {\n  const n: number = "a"\n  return n\n}\n')
  await warnAboutTypes(cli, labZero)
  const [warning = '', code = '', caret = ''] = lines.join('').split('\n')
  expect(warning).toMatch(/warning +\S+read-product\.ts:3:9 .*number/)
  expect(code.trim()).toBe('const n: number = "a"')
  expect(caret.indexOf('^')).toBe(code.indexOf('n:'))
  await rm(home.folder, { recursive: true })
})
