import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

import { expect, test } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'

import { diary } from './diary.ts'

const chaos = join(projectRoot, 'chaos')

test('a system with its process, its flow and its truth has at most 150 lines', async () => {
  const files = (await readdir(import.meta.dirname)).filter((file) => !file.includes('.test.'))
  expect(files.toSorted()).toEqual(['diary.ts', 'process.ts'])
  const texts = await Promise.all(
    files.map(async (file) => await readFile(join(import.meta.dirname, file), 'utf8')),
  )
  expect(texts.join('').trimEnd().split('\n').length).toBeLessThanOrEqual(150)
})

test('no other file of chaos/ mentions it', async () => {
  const entries = await readdir(chaos, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !path.startsWith(import.meta.dirname) && !path.includes('/dist/'))
  expect(paths.length).toBeGreaterThan(100)
  const mentions = await Promise.all(
    paths.map(async (path) => {
      const file = relative(chaos, path)
      const text = await readFile(path, 'utf8')
      return `${file}\n${text}`.toLowerCase().includes(diary.name) ? [file] : []
    }),
  )
  expect(mentions.flat()).toEqual([])
})
