import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { ExchangeEvent, TrapRequest } from '#chaos/contracts/links.ts'
import type { System } from '#chaos/contracts/system.ts'
import type { Flow, FlowRun } from '#chaos/contracts/system/flow.ts'
import { createJournal } from '#chaos/engine/journal.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { type Clock, systemClock } from '#chaos/lib/clock.ts'

/** The notes in Postgres: the key of each. */
type Notes = readonly string[]

const writeNote: Flow<Notes> = {
  description: 'Write one note.',
  start: { requests: (key) => [{ method: 'POST', path: '/notes', body: { text: key } }] },
  judge: ({ key, ack, truth }: FlowRun<Notes>) => {
    const { length } = truth.filter((note) => note === key)
    const global = `${length} notes`
    const bad = (invariant: string) => [{ invariant, expected: 'one note', actual: global }]
    if (length > 1)
      return { result: 'double-effect', violations: bad('stored at most once'), global }
    if (length === 0 && ack.outcome === 'ok')
      return { result: 'lost', violations: bad('a confirmed note exists'), global }
    const withoutSuccess = length === 0 ? 'ok-rejected' : 'ok-indeterminate'
    return { result: ack.outcome === 'ok' ? 'ok' : withoutSuccess, violations: [], global }
  },
}

/** What an X-ray reads of the system: one process with one database, no timers, no counters, no safety nets, no words of its own. */
const system: Pick<System, 'name' | 'topology' | 'flows' | 'truth' | 'xray'> = {
  name: 'notes',
  topology: {
    instances: [{ name: 'notes', service: 'notes', main: 'main.ts', portOffset: 1 }],
    stores: [{ name: 'postgres', portOffset: 10 }],
    links: [
      { name: 'client:notes', caller: 'client', callee: 'notes', protocol: 'http', portOffset: 20 },
      {
        name: 'notes:postgres',
        caller: 'notes',
        callee: 'postgres',
        protocol: 'postgres',
        portOffset: 30,
      },
    ],
  },
  flows: { 'write-note': writeNote },
  truth: {
    sources: ['notes'],
    counters: [],
    inFlight: [],
    open: () => {
      throw new Error('The fake has its own reader.')
    },
  },
}

/** The connection of a message was cut: the message or its reply never arrives. */
class Cut extends Error {}

/**
 * A sandbox of a system in memory with two links, taps and traps. The process answers real requests; its database is a list.
 * `insertsAgain`: it repeats an INSERT whose reply is lost, and nothing rejects the second row.
 */
export async function startFakeNotes(options: {
  readonly insertsAgain: boolean
}): Promise<{ readonly sandbox: Sandbox } & AsyncDisposable> {
  // No test waits for the idle time before the first run.
  const clock: Clock = {
    ...systemClock,
    sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 20), signal),
  }
  const journal = createJournal(clock)
  const notes: string[] = []
  const traps = new Map<string, TrapRequest>()
  const held = new Map<string, () => void>()
  let exchanges = 0

  const spring = async (event: ExchangeEvent, phase: 'before' | 'after'): Promise<void> => {
    const { link, connection, signature: exchange } = event
    const trap = [...traps.values()].find(
      (one) => one.links.includes(link) && one.exchange === exchange && one.phase === phase,
    )
    if (trap === undefined) return
    traps.delete(trap.id)
    journal.publish({ type: 'trap', id: trap.id, what: 'sprung', link, connection, exchange })
    if (trap.then.do === 'hold')
      await new Promise<void>((resolve) => void held.set(trap.id, resolve))
    throw new Cut(exchange)
  }
  /** Passes a request and its reply over a link. */
  const pass = async (
    link: string,
    signature: string,
    transaction: string,
    execute: () => Promise<void>,
  ): Promise<void> => {
    const exchange = (exchanges += 1)
    const rest = { link, connection: 1, exchange, signature, transaction, bytes: 1, atMs: 0 }
    const request: ExchangeEvent = { type: 'exchange', part: 'request', ...rest }
    journal.publish(request)
    await spring(request, 'before')
    await execute()
    journal.publish({ ...request, part: 'reply' })
    await spring(request, 'after')
  }
  const insert = (key: string): Promise<void> =>
    pass('notes:postgres', 'INSERT notes', key, async () => void notes.push(key))
  const handle = async (key: string, response: ServerResponse): Promise<void> => {
    try {
      await pass('client:notes', 'POST /notes', key, async () => {
        await insert(key).catch(async (error: unknown) => {
          if (!options.insertsAgain) throw error
          await insert(key)
        })
      })
      response.writeHead(201).end('{}')
    } catch (error) {
      const isOwn = error instanceof Cut && error.message === 'POST /notes'
      if (isOwn) response.destroy()
      else response.writeHead(500).end('{}')
    }
  }
  const server = createServer((request: IncomingMessage, response) => {
    void handle(String(request.headers['idempotency-key']), response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const state = (instance: string, next: 'exited' | 'ready'): void =>
    void journal.publish({ type: 'instance', instance, state: next, by: 'scenario' })
  const sandbox = {
    system,
    clock,
    journal,
    runtime: {
      addresses: { clientUrl: () => url },
      status: async () => [],
      kill: async (name: string) => state(name, 'exited'),
      start: async (name: string) => state(name, 'ready'),
    },
    links: {
      armTrap: async (trap: TrapRequest) => void traps.set(trap.id, trap),
      disarmTrap: async (id: string) => void traps.delete(id),
      releaseHeld: async (id: string) => held.get(id)?.(),
      resetConnections: async () => 0,
      tap: async () => ({ [Symbol.asyncDispose]: async () => {} }),
      list: async () => [],
      heal: async () => [],
    },
    faults: { healStages: () => [], healing: () => new Set() },
    supervision: { release: async () => {}, setUp: () => {} },
    changing: () => [],
    truth: { read: async () => [...notes], counters: async () => ({ notes: notes.length }) },
  }
  return {
    sandbox: sandbox as unknown as Sandbox,
    [Symbol.asyncDispose]: async () => {
      server.close()
      await once(server, 'close')
    },
  }
}
