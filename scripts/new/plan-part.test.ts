import { existsSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import path from 'node:path'

import { expect, test } from 'vitest'

import { parseTransfer } from '#chaos/exercise/transfer/read-transfer.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { planPart, type PartRequest } from './plan-part.ts'

const read = (file: string): string | undefined => {
  const absolute = path.join(projectRoot, file)
  return existsSync(absolute) ? readFileSync(absolute, 'utf8') : undefined
}

const requests: readonly PartRequest[] = [
  { kind: 'fault', name: 'slow-start' },
  { kind: 'check', name: 'slow-start' },
  { kind: 'toxic', name: 'slow-start' },
  { kind: 'lab', name: 'slow-start', track: 'data-correctness', seam: 'place-order' },
]

test.each(requests)('a $kind has sources that parse and imports that exist', (request) => {
  const plan = planPart(request, read)
  const files = [...plan.created, plan.changed]
  const known = (file: string): boolean =>
    read(file) !== undefined || files.some((one) => one.file === file)
  for (const { file, text } of files.filter((one) => one.file.endsWith('.ts'))) {
    expect(stripTypeScriptTypes(text)).not.toBe('')
    for (const [, specifier = ''] of text.matchAll(/from '([.#][^']*)'/g)) {
      const folder = path.posix.dirname(file)
      const target = specifier.startsWith('#')
        ? specifier.slice(1)
        : path.posix.join(folder, specifier)
      expect([file, target, known(target)]).toEqual([file, target, true])
    }
  }
})

test.each(requests)('a $kind has a test that fails until the author replaces it', (request) => {
  const tests = planPart(request, read).created.filter(({ file }) => file.endsWith('.test.ts'))
  expect(tests.map(({ text }) => text.includes('expect.fail('))).toEqual([true])
})

test.each(requests)('a $kind adds one import and one entry to its index', (request) => {
  const { file, text } = planPart(request, read).changed
  const before = (read(file) ?? '').split('\n')
  const added = text.split('\n').filter((line) => !before.includes(line))
  expect(added).toHaveLength(2)
  expect(added[0]).toMatch(/^import \{ slowStart \} from '\.\/.*slow-start.*\.ts'$/)
  expect(added[1]).toMatch(/^ {2}('slow-start': )?slowStart,$/)
  expect(text.split('\n')).toHaveLength(before.length + 2)
})

test('every version of a lab starts as a copy of the shop file', () => {
  const request = { kind: 'lab', name: 'x', track: 'first-steps', seam: 'read-product' }
  const { created } = planPart(request, read)
  const copies = created.filter(({ file }) => file.endsWith('/read-product.ts'))
  expect(copies.map(({ file }) => file)).toEqual([
    'labs/first-steps/x/start/read-product.ts',
    'labs/first-steps/x/near-misses/first-guess/read-product.ts',
    'labs/first-steps/x/near-misses/second-guess/read-product.ts',
    'labs/first-steps/x/alternatives/other-design/read-product.ts',
  ])
  for (const { text } of copies) expect(text).toContain("from '#services/api/seams.ts'")
})

test('a new lab has two questions about unfamiliar code that can be read', () => {
  const request = { kind: 'lab', name: 'x', track: 'first-steps', seam: 'read-product' }
  const { created } = planPart(request, read)
  const text = (file: string): string =>
    created.find((one) => one.file === `labs/first-steps/x/transfer/${file}`)?.text ?? ''
  for (const step of ['now', 'later']) {
    const { messages } = parseTransfer(text(`${step}/code.ts`), text(`${step}/question.yaml`), step)
    expect(messages).toHaveLength(2)
  }
})

test.each([
  ['an unknown kind', { kind: 'faults', name: 'x' }, /"faults".*/],
  ['a name in capitals', { kind: 'fault', name: 'SlowStart' }, /"SlowStart"/],
  ['a reserved name', { kind: 'fault', name: 'delete' }, /"delete"/],
  ['a path', { kind: 'fault', name: '../x' }, /"\.\.\/x"/],
  [
    'a fault that exists',
    { kind: 'fault', name: 'latency' },
    /latency.*chaos\/faults\/latency\.ts/,
  ],
  ['a check that exists', { kind: 'check', name: 'orders-paid' }, /checks\/orders-paid\.ts/],
  ['a toxic that exists', { kind: 'toxic', name: 'http-cut' }, /toxics\/http-cut\.ts/],
  [
    'a lab in another track',
    { kind: 'lab', name: 'oversell', track: 'first-steps', seam: 'liveness' },
    /labs\/index\.ts/,
  ],
  ['a lab without a track', { kind: 'lab', name: 'x', seam: 'liveness' }, /track/],
  [
    'a lab on an unknown seam',
    { kind: 'lab', name: 'x', track: 'first-steps', seam: 'no' },
    /"no".*seam/,
  ],
])('%s is refused', (_, request, message) => {
  expect(() => planPart(request, read)).toThrow(message)
  expect(() => planPart(request, read)).toThrow(InputError)
})
