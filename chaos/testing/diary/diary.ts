import { Pool } from 'pg'

import { generalChecks } from '#chaos/checks/general-checks.ts'
import { checkResult, inconclusiveResult } from '#chaos/checks/lib/check-result.ts'
import { noParams } from '#chaos/checks/lib/params.ts'
import type { AnyCheck, Evidence } from '#chaos/contracts/check.ts'
import type { System } from '#chaos/contracts/system.ts'
import type { Flow } from '#chaos/contracts/system/flow.ts'
import { readPartially } from '#chaos/lib/read-partially.ts'
import { planArrivals } from '#chaos/workload/plan-arrivals.ts'

/** The key of each entry in Postgres. */
type Truth = readonly string[]

const [name, store] = ['diary', 'postgres'] as const
const operations = [
  { kind: 'write', noun: 'write request', changes: true },
  { kind: 'count', noun: 'count request' },
] as const

const countRequest = { method: 'GET', path: '/entries/count', headers: {} } as const
const write = (key: string) => ({ method: 'POST', path: '/entries', body: { text: key } }) as const

const [check, title] = ['no-lost-entries', 'no acknowledged entry is lost'] as const
const noLostEntries: AnyCheck = {
  name: check,
  description: 'Every acknowledged entry is in Postgres exactly once.',
  safety: true,
  params: noParams,
  judge(evidence: Evidence<Truth>) {
    const acknowledged = evidence.operations.filter(({ key, outcome }) => key && outcome === 'ok')
    if (acknowledged.length === 0) return inconclusiveResult(check, title, 'Nothing was written.')
    const offenders = acknowledged.flatMap(({ key: id = '' }) => {
      const rows = evidence.truth.filter((key) => key === id).length
      return rows === 1 ? [] : [{ id, expected: '1 entry', actual: `${rows} entries` }]
    })
    const [held, violated] = [`All ${acknowledged.length} are there.`, 'Some entries are lost.']
    return checkResult({ name: check, title, held, violated, offenders })
  },
}

const writeEntry: Flow<Truth> = {
  description: 'Write one entry; the client sends it twice with the same key.',
  start: { requests: (key) => [write(key)], attempts: 2 },
  judge({ key, ack, truth }) {
    const rows = truth.filter((entry) => entry === key).length
    const global = `${rows} entries`
    const violations = [{ invariant: 'exactly once', expected: '1 entry', actual: global }]
    if (rows > 1) return { result: 'double-effect', violations, global }
    if (rows === 0 && ack.outcome === 'ok') return { result: 'lost', violations, global }
    if (rows === 1 && ack.outcome === 'fail') return { result: 'phantom', violations, global }
    const withoutSuccess = rows === 0 ? 'ok-rejected' : 'ok-indeterminate'
    return { result: ack.outcome === 'ok' ? 'ok' : withoutSuccess, violations: [], global }
  },
}

/** A system of one process and one database, without anything that is optional. */
export const diary: System<Truth> = {
  name,
  topology: {
    instances: [{ name, service: name, main: 'chaos/testing/diary/process.ts', portOffset: 1 }],
    stores: [{ name: store, portOffset: 10 }],
    links: [
      { name: 'client:diary', caller: 'client', callee: name, protocol: 'http', portOffset: 20 },
      { name: 'diary:postgres', caller: name, callee: store, protocol: store, portOffset: 30 },
    ],
  },
  operations,
  workload: {
    plan: (workload, random, tag) => ({
      operations: planArrivals(workload, ['write', 'count'], random, ({ kind, atMs, number }) => [
        { kind, atMs, tags: [], ...(kind === 'write' && { key: `o-${tag}-${number}` }) },
      ]).toSorted((a, b) => a.atMs - b.atMs),
      start({ key }) {
        if (key === undefined) return { request: countRequest }
        const { body, ...request } = write(key)
        const headers = { 'idempotency-key': key }
        return { request: { ...request, headers, body: JSON.stringify(body) } }
      },
    }),
  },
  truth: {
    sources: ['Postgres'],
    counters: [{ name: 'entries', source: 'Postgres', what: 'entries' }],
    inFlight: [],
    open({ databaseUrl: connectionString }) {
      const pool = new Pool({ connectionString, application_name: 'truth' })
      pool.on('error', () => undefined)
      const read = async (): Promise<Truth> =>
        (await pool.query<{ key: string }>('SELECT key FROM entries')).rows.map(({ key }) => key)
      const counters = async () => ({ entries: (await read()).length })
      return {
        read,
        isFinal: async (key) => (await read()).includes(key),
        counters,
        partialCounters: (signal) => readPartially([['Postgres', counters()]], signal),
        [Symbol.asyncDispose]: () => pool.end(),
      }
    },
  },
  checks: { ...generalChecks({ name, operations }), [check]: noLostEntries },
  flows: { 'write-entry': writeEntry },
}
