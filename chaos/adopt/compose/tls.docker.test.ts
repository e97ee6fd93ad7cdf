import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import type { LinkStatus } from '#chaos/contracts/links.ts'
import { describeWithDocker } from '#chaos/runtime/docker/testing/describe-with-docker.ts'

import type { AdoptionReport } from './adoption-report.ts'
import { builtImage } from './testing/built-image.ts'
import { startForeignProject } from './testing/foreign-project.ts'
import type { ForeignFiles, ForeignProject } from './testing/foreign-project.ts'

const port = 18_472

/** Prints each second whether its new connection uses TLS: `t`, `f`, or its error. */
const client = (address: string, more = ''): string => `
    image: postgres:18
    init: true
    command: ["sh", "-c", "export PGCONNECT_TIMEOUT=5; while sleep 1; do psql -Atqc 'select ssl from pg_stat_ssl where pid = pg_backend_pid()' '${address}' 2>&1 | head -1; done"]
    depends_on: { db: { condition: service_healthy } }${more}`

const files: ForeignFiles = {
  compose: `
services:
  db:
    image: postgres:18
    environment: { POSTGRES_PASSWORD: x }
    entrypoint:
      - bash
      - -c
      - >-
        openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=db -keyout /tmp/db.key -out /tmp/db.crt 2>/dev/null &&
        chown postgres /tmp/db.key && exec docker-entrypoint.sh postgres
        -c ssl=on -c ssl_cert_file=/tmp/db.crt -c ssl_key_file=/tmp/db.key
    healthcheck: { test: ["CMD-SHELL", "pg_isready -h 127.0.0.1 -U postgres"], interval: 1s, retries: 60 }
  prefers: ${client('postgres://postgres:x@db/postgres')}
  requires: ${client('postgres://postgres:x@db/postgres?sslmode=require')}
  declares: ${client('postgres://postgres:x@db/postgres', '\n    environment: { PGSSLMODE: require }')}
`,
  others: {},
}

describeWithDocker('a Compose project with a Postgres that has TLS', () => {
  let foreign: ForeignProject
  let adopted: AdoptionReport
  const printed = async (service: string): Promise<readonly string[]> =>
    (await foreign.docker('logs', `${foreign.name}-${service}-1`)).split('\n')
  beforeAll(async () => {
    foreign = await startForeignProject(builtImage(), port, files)
    // Without links, every client uses TLS.
    for (const service of ['prefers', 'requires', 'declares'])
      await vi.waitFor(async () => expect((await printed(service)).slice(-2)).toEqual(['t', 't']), {
        timeout: 60_000,
        interval: 500,
      })
    adopted = JSON.parse(await foreign.unhappy('adopt', '--detach', '--json')) as AdoptionReport
  }, 240_000)
  afterAll(async () => await foreign[Symbol.asyncDispose](), 120_000)

  test('a link of a caller that says that it requires TLS is marked at once', () => {
    const declared = adopted.links.find(({ name }) => name === 'declares:db')
    expect(declared).toEqual({
      name: 'declares:db',
      protocol: 'postgres',
      port: 5432,
      tls: 'bytes',
    })
  })

  test('prefer goes on in plain text; require fails once and has TLS again; what is declared never fails', async () => {
    await expect.poll(async () => (await printed('prefers')).at(-1), { timeout: 30_000 }).toBe('f')
    await expect
      .poll(async () => (await printed('requires')).slice(-2), { timeout: 30_000 })
      .toEqual(['t', 't'])
    const errors = async (service: string): Promise<readonly string[]> =>
      (await printed(service)).filter((line) => line.includes('error'))
    expect((await errors('requires')).length).toBeLessThanOrEqual(1)
    expect([await errors('prefers'), await errors('declares')]).toEqual([[], []])
  })

  test('the table shows where TLS was seen', async () => {
    await expect
      .poll(
        async () =>
          (JSON.parse(await foreign.unhappy('links', '--json')) as readonly LinkStatus[])
            .filter(({ tls }) => tls === 'bytes')
            .map(({ name }) => name)
            .toSorted(),
        { timeout: 30_000, interval: 1_000 },
      )
      .toEqual(['declares:db', 'requires:db'])
    expect(await foreign.unhappy('links')).toMatch(/requires:db \(TLS: bytes\)/)
  })
})
