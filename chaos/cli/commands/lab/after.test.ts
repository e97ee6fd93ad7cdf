import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base, expect } from 'vitest'

import type { AfterView } from '#chaos/contracts/api.ts'

import { runInProcess } from '../../testing/in-process.ts'

const test = base.extend('home', async ({}, { onCleanup }) => {
  const home = await mkdtemp(join(tmpdir(), 'unhappy-after-'))
  onCleanup(async () => rm(home, { recursive: true }))
  return home
})

test('the page is text for a terminal, with commands as the user types them', async ({ home }) => {
  const { status, stdout } = await runInProcess(['lab', 'after', 'lab-zero'], { home, columns: 70 })
  expect(status).toBe(0)
  expect(stdout).toContain('swallow-the-error')
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('with unhappy lab check lab-zero --version')
  expect(stdout).not.toMatch(/\*\*|^#|`/m)
  // A long address is not broken.
  const lines = stdout.split('\n').filter((line) => !line.includes('https://'))
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(70)
})

test('--json prints the page as Markdown', async ({ home }) => {
  const { stdout } = await runInProcess(['lab', 'after', 'oversell', '--json'], { home })
  expect((JSON.parse(stdout) as AfterView).text).toContain('## Trade-off')
})

test('an unknown lab is a mistake of the user', async ({ home }) => {
  const { status, stderr } = await runInProcess(['lab', 'after', 'overselling'], { home })
  expect(status).toBe(3)
  expect(stderr).toContain('overselling')
})
