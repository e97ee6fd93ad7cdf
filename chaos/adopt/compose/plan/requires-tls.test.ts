import { expect, test } from 'vitest'

import { requiresTls } from './requires-tls.ts'
import { containerOf } from './testing/container-of.ts'

const db = containerOf({
  service: 'db',
  networks: [
    { name: 'n', address: '', ipv6: '', gateways: [], names: ['db', 'database'], linkNames: [] },
  ],
})

test.each([
  ['DATABASE_URL=postgres://u:p@db:5432/shop?sslmode=require', true],
  ['DATABASE_URL=postgres://u:p@database/shop?x=1&sslmode=verify-full', true],
  ['DSN=host=db user=u sslmode=verify-ca', true],
  ['DATABASE_URL=postgres://u:p@db/shop?ssl=true', true],
  ['PGSSLMODE=require', true],
  ['DATABASE_URL=postgres://u:p@db/shop?sslmode=prefer', false],
  ['DATABASE_URL=postgres://u:p@db/shop?sslmode=disable', false],
  ['DATABASE_URL=postgres://u:p@other-db/shop?sslmode=require', false],
  ['PGSSLMODE=prefer', false],
])('%s requires TLS from db: %s', (entry, requires) => {
  const callee = { service: 'db', containers: [db] }
  expect(requiresTls([{ environment: ['A=1', entry] }], callee)).toBe(requires)
})
