import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

import { expect, test } from 'vitest'

import { root } from './root.ts'

const sources = globSync('{chaos,services}/**/*.{ts,js}', {
  cwd: root,
  exclude: (name) => name.includes('node_modules') || name.includes('.test.'),
})
  .map((file) => readFileSync(path.join(root, file), 'utf8'))
  .join('\n')

const page = readFileSync(path.join(root, 'docs/troubleshooting.md'), 'utf8')
const told = [...page.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, message = '']) => message),
)

/** What stands between names and numbers. */
const pieces = (message: string): string[] =>
  message
    .split('...')
    .map((piece) => piece.trim())
    .filter((piece) => piece.length > 3)

test.each(told)('somebody still says "%s"', (message) => {
  expect(pieces(message).filter((piece) => !sources.includes(piece))).toEqual([])
})

test('the page tells of messages', () => {
  expect(told.length).toBeGreaterThan(20)
})
