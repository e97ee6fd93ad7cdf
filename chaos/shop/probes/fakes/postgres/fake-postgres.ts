import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

import { Undecided } from '../../contract-probe.ts'
import { openSession } from './postgres-session.ts'
import type { Break, Fate, PostgresSession, RowLock, ServerClock } from './postgres-session.ts'

/**
 * A server that speaks just enough of Postgres' protocol for a pool: every statement succeeds. A
 * statement that writes, or selects `FOR UPDATE`, locks the only row.
 */
export interface FakePostgres extends AsyncDisposable {
  readonly url: string
  /** The connections of this moment break. New ones work. */
  break(how: Break): void
  /** What happens to each statement from now on. Undefined: it succeeds at once. */
  plan: ((sql: string) => Fate | undefined) | undefined
  /** From now on new connections receive no reply, or are closed. */
  atConnect: Break | undefined
  /** Every statement that has arrived. */
  readonly received: readonly string[]
  /** Connections that the client has not closed. */
  readonly open: number
  /** The client used a part of Postgres that this server does not have. */
  undecided(): Undecided | undefined
}

export async function openFakePostgres(clock: ServerClock): Promise<FakePostgres> {
  const sessions = new Set<PostgresSession>()
  const received: string[] = []
  const lock: RowLock = { holder: undefined, waiting: [] }
  let unknown: string | undefined
  // Without it, the second half of a reply waits until the first is acknowledged, in real time.
  const server = createServer({ noDelay: true }, (socket) => {
    const session = openSession(socket, {
      lock,
      clock,
      execute: (sql) => {
        received.push(sql)
        return postgres.plan?.(sql) ?? {}
      },
      unknown: (what) => {
        unknown ??= what
      },
    })
    sessions.add(session)
    socket.on('close', () => sessions.delete(session))
    if (postgres.atConnect !== undefined) session.break(postgres.atConnect)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const postgres: FakePostgres = {
    url: `postgres://shop:shop@127.0.0.1:${port}/shop?sslmode=disable`,
    break: (how) => {
      for (const session of sessions) session.break(how)
    },
    plan: undefined,
    atConnect: undefined,
    received,
    get open() {
      return [...sessions].filter(({ isOpen }) => isOpen).length
    },
    undecided: () =>
      unknown === undefined
        ? undefined
        : new Undecided(`the server of the probe has no ${unknown}`),
    [Symbol.asyncDispose]: async () => {
      for (const session of sessions) session.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  return postgres
}
