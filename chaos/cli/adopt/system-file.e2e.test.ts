import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'

import { expect, test, vi } from 'vitest'

import type { SandboxView } from '#chaos/contracts/api.ts'
import { leftoversOf } from '#chaos/runtime/local/testing/leftovers.ts'

import { createTestCli } from '../testing/test-cli.ts'

const { resolve } = createRequire(import.meta.url)

const server = `
const { createServer } = require('node:http')
const { Pool } = require(${JSON.stringify(resolve('pg'))})
const pool = new Pool({ connectionString: process.env.DB, max: 1 })
pool.on('error', () => {})
const insert = (name) => pool.query('insert into guests values ($1)', [name])
createServer(async (request, response) => {
  try {
    // A bug: the retry of an INSERT whose reply was lost inserts a second row.
    if (request.method === 'POST') await insert(request.url).catch(() => insert(request.url))
    const { rows } = await pool.query('select count(*)::int as guests from guests')
    response.end(JSON.stringify({ ...rows[0], greeting: process.env.GREETING }))
  } catch (error) {
    response.writeHead(500).end(error.message)
  }
}).listen(process.env.PORT)
`
const file = `
name: guestbook
processes:
  web:
    command: node migrate.cjs && exec node server.cjs
    folder: app
    ready: /
    env: { DB: '\${link.db.url}', GREETING: hello }
stores:
  db: { managed: postgres }
links: [client:web, web:db]
`
const migrate = `
const { Client } = require(${JSON.stringify(resolve('pg'))})
const client = new Client(process.env.DB)
client.connect()
  .then(() => client.query('create table if not exists guests (name text)'))
  .then(() => client.end())
`

test('processes of a system file run with links: faults, traps and restore work, and release leaves nothing', async () => {
  await using cli = await createTestCli()
  const folder = join(cli.home, 'guest')
  await mkdir(join(folder, 'app'), { recursive: true })
  await writeFile(join(folder, 'app', 'server.cjs'), server)
  await writeFile(join(folder, 'app', 'migrate.cjs'), migrate)
  await writeFile(join(folder, 'system.yaml'), file)
  const adopted = await cli.run(['adopt', 'system.yaml', '--detach', '--json'], { cwd: folder })
  expect(adopted.status, adopted.stderr).toBe(0)
  const view = JSON.parse(adopted.stdout) as SandboxView
  expect(view.system.links.map(({ name }) => name)).toEqual(['client:web', 'web:db'])
  expect(view.instances.map(({ name, state }) => `${name} ${state}`)).toEqual([
    'links ready',
    'db ready',
    'web ready',
  ])
  const [url = ''] = view.urls.shop
  const send = async (method: string): Promise<unknown> =>
    await (await fetch(`${url}/ann`, { method })).json()
  expect(await send('POST')).toEqual({ guests: 1, greeting: 'hello' })

  const trap = ['trap', 'arm', 'web:db', 'INSERT guests', '--after', '--cut', '--json']
  const armed = await cli.run(trap)
  expect(armed.status, armed.stderr).toBe(0)
  expect(await send('POST')).toMatchObject({ guests: 3 })

  const crash = await cli.run(['inject', 'crash', 'web', '--json'])
  expect(crash.status, crash.stderr).toBe(0)
  await expect(send('GET')).rejects.toThrow('fetch failed')
  expect(await cli.run(['restore'])).toMatchObject({ status: 0 })
  await vi.waitFor(async () => expect(await send('GET')).toMatchObject({ guests: 3 }))

  const truth = await cli.run(['truth'])
  expect([truth.status, truth.stderr]).toEqual([3, expect.stringContaining('Nothing is known')])
  const released = await cli.run(['release'])
  expect(released.status, released.stderr).toBe(0)
  const { pid = 0 } = view.instances.find(({ name }) => name === 'web') ?? {}
  expect(await leftoversOf(view.slot, pid)).toEqual([])
})

test('an error in the file is one message, and nothing starts', async () => {
  await using cli = await createTestCli()
  await writeFile(join(cli.home, 'system.yaml'), file.replace('link.db', 'link.dx'))
  const { status, stderr } = await cli.run(['adopt', 'system.yaml'], { cwd: cli.home })
  expect(status).toBe(3)
  expect(stderr).toMatch(/system\.yaml:8: .*uses the link web:dx.*\n.*Add web:dx to links/)
})
