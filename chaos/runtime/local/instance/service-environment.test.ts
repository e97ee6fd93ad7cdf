import { expect, test } from 'vitest'

import { system } from '#chaos/system.ts'

import { localAddresses } from '../addresses.ts'
import { serviceEnvironment } from './service-environment.ts'

const addresses = localAddresses(system, 2)

function environmentOf(name: string) {
  const instance = system.topology.instances.find((one) => one.name === name)
  if (instance === undefined) throw new Error(`no ${name}`)
  return serviceEnvironment(instance, system, addresses, '/books')
}

test('an instance gets the addresses of its own links', () => {
  expect(environmentOf('worker-1')).toEqual({
    INSTANCE: 'worker-1',
    HOST: '127.0.0.1',
    PORT: '20203',
    DATABASE_URL: 'postgres://shop:shop@127.0.0.1:20250/shop',
    REDIS_URL: 'redis://127.0.0.1:20251',
    PAYMENTS_URL: 'http://127.0.0.1:20252',
  })
})

test('payments has no links and its own books', () => {
  expect(environmentOf('payments')).toEqual({
    INSTANCE: 'payments',
    HOST: '127.0.0.1',
    PORT: '20205',
    BOOKS_FILE: '/books.sqlite',
  })
})

test('a client enters through a link, and an unknown name is refused', () => {
  expect(addresses.clientUrl('api-2')).toBe('http://127.0.0.1:20221')
  expect(addresses.proxyUrl).toBe('http://127.0.0.1:8476')
  expect(() => addresses.http('api-9')).toThrow('Unknown instance or link "api-9".')
})
