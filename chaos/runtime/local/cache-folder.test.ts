import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { isTraversable, openCacheFolder } from './cache-folder.ts'
import { readHostConfig } from './config.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync('/tmp/cache-folder-')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('each user has one cache folder', () => {
  const host = readHostConfig()
  expect(path.basename(openCacheFolder(host))).toBe(`unhappy-path-${host.uid}`)
  expect(openCacheFolder(host)).toBe(openCacheFolder(host))
})

test('other users cannot reach a file when a folder above it is closed', () => {
  const file = path.join(folder, 'redis-server')
  writeFileSync(file, '')
  chmodSync(file, 0o755)
  chmodSync(folder, 0o755)
  expect(isTraversable(file)).toBe(true)
  chmodSync(folder, 0o700)
  expect(isTraversable(file)).toBe(false)
})
