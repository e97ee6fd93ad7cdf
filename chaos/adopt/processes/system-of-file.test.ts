import { expect, test } from 'vitest'

import type { System } from '#chaos/contracts/system.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { systemOfFile } from './system-of-file.ts'

const valid = `name: guestbook
processes:
  web:
    command: node server.mjs
    folder: app
    port: 3000
    ready: /health
    env:
      DB: \${link.db.url}
      LIMIT: 5
      QUEUE: \${link.mailer.host}:\${link.mailer.port}
  mailer: { command: [node, mailer.mjs], env: { SELF: 'http://localhost:\${port}' } }
  sweep: { command: node sweep.mjs }
stores:
  db: { address: 'postgres://app:secret@10.1.2.3/app?application_name=web' }
  cache: { managed: redis }
links:
  - client:web
  - web:db
  - { link: 'web:mailer', protocol: bytes }
  - sweep:cache
`
const parse = (text: string): System => systemOfFile(text, '/home/ann/guest/system.yaml', 's.yaml')

function errorOf(text: string): string {
  try {
    parse(text)
  } catch (error) {
    if (error instanceof InputError) return `${error.message} | ${error.remedy}`
    throw error
  }
  throw new Error('It is valid.')
}

test('processes, stores and links of a file are a system that is adopted', () => {
  const { name, adopted, topology } = parse(valid)
  expect([name, adopted]).toEqual(['guestbook', true])
  expect(topology.links.map(({ name, protocol }) => `${name} ${protocol}`)).toEqual([
    'client:web http',
    'web:db postgres',
    'web:mailer bytes',
    'sweep:cache redis',
  ])
  expect(topology.stores).toMatchObject([
    { name: 'db', kind: 'postgres', address: expect.stringContaining('10.1.2.3') },
    { name: 'cache', kind: 'redis' },
  ])
  const { instances, stores, links } = topology
  const offsets = [...instances, ...stores, ...links].map(({ portOffset }) => portOffset)
  expect(new Set(offsets).size).toBe(offsets.length)
})

test('a process has its folder, its command, and the addresses of its links', () => {
  const [web, mailer, sweep] = parse(valid).topology.instances.map(({ program }) => program)
  expect(web).toMatchObject({
    command: ['/bin/sh', '-c', 'node server.mjs'],
    folder: '/home/ann/guest/app',
    port: 3000,
    ready: '/health',
    listens: true,
  })
  const urls: Readonly<Record<string, string>> = {
    db: 'postgres://app:secret@127.0.0.1:20105/app',
    mailer: 'tcp://127.0.0.1:20106',
  }
  expect(web?.environment({ port: 3000, urlOf: (callee) => urls[callee] })).toEqual({
    PORT: '3000',
    DB: 'postgres://app:secret@127.0.0.1:20105/app',
    LIMIT: '5',
    QUEUE: '127.0.0.1:20106',
  })
  expect(mailer?.environment({ port: 20_107, urlOf: () => undefined })).toEqual({
    PORT: '20107',
    SELF: 'http://localhost:20107',
  })
  expect(mailer).toMatchObject({ command: ['node', 'mailer.mjs'], listens: true })
  expect(sweep).toMatchObject({ folder: '/home/ann/guest', listens: false })
})

test.each([
  ['', '', /s\.yaml is empty/],
  ['name: guestbook', 'name: Guest Book', /s\.yaml:1: name must .*got "Guest Book"/],
  ['port: 3000', 'port: 0', /s\.yaml:6: processes\.web\.port must be at least 1.*got 0/],
  [
    '    ready:',
    '    redy:',
    /s\.yaml:7: processes\.web.*Unknown key "redy"\. Did you mean "ready"/,
  ],
  ['link.db.url', 'link.dbb.url', /s\.yaml:9: .*uses the link web:dbb, .*Add web:dbb to links/],
  ['${link.db.url}', '${db}', /s\.yaml:9: .*contains \$\{db\}.*Use \$\{port\}/],
  ['web:db', 'web:bd', /s\.yaml:19: links.*Unknown process or store "bd"\. Did you mean "db"/],
  ['- client:web', '- clint:web', /Unknown caller "clint"\. Did you mean "client"/],
  ['- client:web', '- web:db', /The link web:db is there twice/],
  ['{ managed: redis }', '{ managed: mysql }', /stores\.cache\.managed.*mysql/],
  ['postgres://app', 'mysql://app', /s\.yaml:15: stores\.db\.address must be a URL.*mysql/],
  ['cache:', 'web:', /processes\.web is also the name of a store/],
])('in place of %j, %j is an error with its place, value and remedy', (from, to, error) => {
  const text = from === '' ? '' : valid.replace(from, () => to)
  expect(errorOf(text)).toMatch(error)
})
