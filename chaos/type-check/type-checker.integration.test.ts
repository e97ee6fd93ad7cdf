import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import { test as base, expect } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'

import { createTypeChecker } from './type-checker.ts'

const waitMs = 60_000

const test = base.extend('checker', { scope: 'file' }, ({}, { onCleanup }) => {
  const checker = createTypeChecker({ clock: systemClock })
  onCleanup(async () => checker[Symbol.asyncDispose]())
  return checker
})

const start = await readFile(
  new URL('../../labs/data-correctness/dual-write/start/place-order.ts', import.meta.url),
  'utf8',
)

test('the starting code of a lab has no type errors', async ({ checker }) => {
  expect(await checker.diagnostics(start, waitMs)).toMatchObject({
    state: 'ready',
    diagnostics: [],
  })
})

test('each error has its place, from 1, with an exclusive end', async ({ checker }) => {
  const text = `${start}\nexport const wrong: number = 'a'\n`
  const { diagnostics } = await checker.diagnostics(text, waitMs)
  expect(diagnostics).toEqual([
    {
      line: 12,
      column: 14,
      endLine: 12,
      endColumn: 19,
      severity: 'error',
      message: expect.stringContaining('number') as string,
      source: 'types',
    },
  ])
})

test.for([
  ['a syntax error', 'export const a = (\n', 2],
  ['an import of nothing', "import { a } from './nothing.ts'\nexport const b = a\n", 1],
  ['an import of a name that is not there', "import { no } from '#services/api/seams.ts'\n", 1],
  ['syntax that creates code', 'let a: A\nenum A {\n  b,\n}\n', 2],
  ['an unknown method of the desk', start.replace('enqueue', 'enqueu'), 8],
] as const)('%s is an error at its line', async ([, text, line], { checker }) => {
  const { diagnostics } = await checker.diagnostics(text, waitMs)
  expect(diagnostics.map((one) => [one.line, one.severity])).toContainEqual([line, 'error'])
})

test('what is completed and shown has the types of the shop', async ({ checker }) => {
  const text = start.replace('shop.queue.enqueue(order)', 'shop.outbox.')
  const [line, column] = [8, text.split('\n')[7]?.indexOf('outbox.') ?? 0]
  const { items } = await checker.completions(text, { line, column: column + 8 }, waitMs)
  expect(items).toEqual([expect.objectContaining({ label: 'write', kind: 'method' })])
  const { markdown } = await checker.hover(text, { line, column: column + 2 }, waitMs)
  expect(markdown).toContain('outbox')
  expect(await checker.hover('\n', { line: 1, column: 1 }, waitMs)).toMatchObject({
    markdown: null,
  })
})

test('a position outside of the text is not an error', async ({ checker }) => {
  const { items, state } = await checker.completions('', { line: 999, column: 999 }, waitMs)
  expect(state).toBe('ready')
  // Without names of packages, which nothing imports.
  expect(items.map(({ label }) => label)).not.toContain('forwardConnectionError')
  expect((await checker.diagnostics('', waitMs)).state).toBe('ready')
})

test('a server that is killed is replaced by the next request', async ({ checker }) => {
  await checker.diagnostics(start, waitMs)
  const before = checker.pid ?? 0
  process.kill(before, 'SIGKILL')
  await expect.poll(() => checker.pid).toBeUndefined()
  expect((await checker.diagnostics(start, waitMs)).state).toBe('ready')
  expect(checker.pid).not.toBe(before)
})

test('the server ends although its owner is killed', async () => {
  const script = fileURLToPath(new URL('testing/owner.ts', import.meta.url))
  const owner = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const pid = await new Promise<number>((resolve) => {
    owner.stdout.once('data', (text: Buffer) => resolve(Number(text.toString())))
  })
  expect(isAlive(pid)).toBe(true)
  owner.kill('SIGKILL')
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false)
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
