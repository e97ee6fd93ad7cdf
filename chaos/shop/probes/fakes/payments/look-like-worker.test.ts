import { hostname } from 'node:os'
import { pid } from 'node:process'

import { afterEach, expect, test } from 'vitest'

import { lookLikeWorker } from './look-like-worker.ts'

afterEach(() => lookLikeWorker(undefined))

const seen = (): readonly unknown[] => [
  process.pid,
  pid,
  hostname(),
  process.env['HOSTNAME'],
  process.env['INSTANCE'],
]

test('two workers have nothing in common that names a process', () => {
  lookLikeWorker(0)
  const first = seen()
  lookLikeWorker(1)
  const second = seen()
  expect(first.filter((value) => value === undefined || second.includes(value))).toEqual([])
})

test('the process looks like itself again', () => {
  const before = seen()
  lookLikeWorker(1)
  lookLikeWorker(undefined)
  expect(seen()).toEqual(before)
})
