import { expect, it } from 'vitest'

import { storeUrlOf } from './store-url.ts'

it.each([
  ['postgres', ['POSTGRES_PASSWORD=a/b'], [], 'postgres://postgres:a%2Fb@h:1/postgres'],
  ['postgres', ['POSTGRES_USER=u', 'POSTGRES_DB=d'], [], 'postgres://u@h:1/d'],
  ['redis', [], [], 'redis://h:1'],
  ['redis', [], ['redis-server', '--requirepass', 's'], 'redis://:s@h:1'],
  ['redis', [], ['redis-server --requirepass "s"'], 'redis://:s@h:1'],
  ['redis', ['REDIS_PASSWORD=p'], null, 'redis://:p@h:1'],
] as const)('reads the user of a %s from %j and %j', (kind, Env, Cmd, url) => {
  expect(storeUrlOf(kind, 'h:1', { Env, Cmd })).toBe(url)
})
