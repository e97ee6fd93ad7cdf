import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

import { expect, test } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'

const sources = globSync('{chaos,services}/**/*.{ts,js}', {
  cwd: projectRoot,
  exclude: (name) => name.includes('node_modules') || name.includes('.test.'),
})
  .map((file) => readFileSync(path.join(projectRoot, file), 'utf8'))
  .join('\n')
  // A message names the system that runs. The page is about the shop.
  .replaceAll(/([Tt]he) \$\{(?:system\.)?name\}/g, '$1 shop')

const page = readFileSync(path.join(projectRoot, 'docs/troubleshooting.md'), 'utf8')
const messages = [...page.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, message = '']) => message),
)

/** The fixed parts of a message, between names and numbers. */
const pieces = (message: string): string[] =>
  message
    .split('...')
    .map((piece) => piece.trim())
    .filter((piece) => piece.length > 3)

test.each(messages)('the sources contain the message "%s"', (message) => {
  expect(pieces(message).filter((piece) => !sources.includes(piece))).toEqual([])
})

test('the page explains more than 20 messages', () => {
  expect(messages.length).toBeGreaterThan(20)
})
