import { expect, test } from 'vitest'

import { resolveTargets } from './targets.ts'

test.each([
  ['link', 'api-1:postgres', ['api-1:postgres']],
  ['link', 'worker-*:payments', ['worker-1:payments', 'worker-2:payments']],
  ['link', 'api:redis', ['api-1:redis', 'api-2:redis']],
  ['link', 'api-1:*', ['api-1:postgres', 'api-1:redis', 'api-1:payments']],
  ['link', 'client:*', ['client:api-1', 'client:api-2']],
  ['link', 'api-1:redis, worker-1:redis', ['api-1:redis', 'worker-1:redis']],
  ['instance', 'worker-*', ['worker-1', 'worker-2']],
  ['instance', 'worker', ['worker-1', 'worker-2']],
  ['instance', 'redis', ['redis']],
  ['store', 'postgres', ['postgres']],
] as const)('a %s pattern %s means %j', (kind, pattern, names) => {
  expect(resolveTargets(kind, pattern)).toEqual(names)
})

test('a star alone is every link', () => {
  expect(resolveTargets('link', '*')).toHaveLength(14)
})

test('a link that does not exist is answered with the nearest', () => {
  expect(() => resolveTargets('link', 'api-1:postgre')).toThrow(
    'Unknown link "api-1:postgre". Did you mean "api-1:postgres"?',
  )
})

test('a link whose ends are the wrong way round is answered with the right one', () => {
  expect(() => resolveTargets('link', 'postgres:api-1')).toThrow('postgres does not call')
})

test('an instance where a link is wanted is answered with its links', () => {
  expect(() => resolveTargets('link', 'api-1')).toThrow('"api-1" is not a link')
})

test('an unknown instance is answered with the nearest', () => {
  expect(() => resolveTargets('instance', 'aip-1')).toThrow(
    'Unknown instance "aip-1". Did you mean "api-1"?',
  )
})
