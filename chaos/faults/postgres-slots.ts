import { DatabaseError } from 'pg'
import type { Client } from 'pg'
import { Type } from 'typebox'

import type { FaultContext } from '#chaos/contracts/fault.ts'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { faultParameters } from './lib/parameters.ts'
import { connectPostgres } from './lib/postgres.ts'

const tooManyConnections = '53300'
/** Each connection is a process of the server, so they open a few at a time. */
const atOnce = 8
const lastRounds = 3
const processEndMs = 30
const retakeEveryMs = 50

export const postgresSlots = defineFault({
  kind: 'postgres-slots',
  description:
    'Another application takes the connection slots of Postgres: open connections work, new ones are refused.',
  outside: 'A deploy that doubles the instances, a pool in every function, a connection leak.',
  target: 'store',
  example: { target: 'postgres', params: {} },
  stores: ['postgres'],
  params: faultParameters({
    leave: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1_000,
        description: 'How many slots stay free; none when absent.',
      }),
    ),
  }),
  inject: (request, context) => {
    const { leave = 0 } = request.params
    const held: Client[] = []
    const healed = new AbortController()
    let taking: Promise<void> | undefined
    return injectAll({
      mechanism: 'connections that do nothing',
      describe: () => ({
        mechanism: `${held.length} connections that do nothing; ${leave} slots free`,
        hit: held.length,
      }),
      targets: request.targets,
      signal: context.signal,
      apply: async () => {
        await takeSlots(request.leaseMs, held, context)
        await endAll(held.splice(0, leave))
        // A client that closes a connection does not get its slot back.
        if (leave === 0)
          taking = keepTaking(request.leaseMs, held, { ...context, signal: healed.signal })
      },
      heal: async () => {
        healed.abort()
        await taking
        await endAll(held.splice(0))
      },
    })
  },
})

/** Opens connections until the server refuses them. */
async function takeSlots(
  leaseMs: number,
  held: Client[],
  { runtime, clock, signal }: Pick<FaultContext, 'runtime' | 'clock' | 'signal'>,
): Promise<void> {
  const url = runtime.addresses.serviceDatabaseUrl
  // The lease lives in Postgres. It also ends the connections when their client dies.
  const settings = { options: `-c idle_session_timeout=${Math.ceil(leaseMs)}` }
  const untilMs = clock.now() + leaseMs
  const takeUntilRefused = async (): Promise<void> => {
    // When the first ones have ended, no more are needed.
    while (clock.now() < untilMs) {
      signal.throwIfAborted()
      try {
        held.push(await connectPostgres(url, settings))
      } catch (error) {
        if (!(error instanceof DatabaseError && error.code === tooManyConnections)) throw error
        return
      }
    }
  }
  const results = await Promise.allSettled(Array.from({ length: atOnce }, takeUntilRefused))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  // A refused connection had a slot until its process ended: those slots are free now.
  for (let round = 0; round < lastRounds; round++) {
    await clock.sleep(processEndMs, signal)
    await takeUntilRefused()
  }
}

/** Takes every slot that becomes free, until the signal aborts or the lease ends. */
async function keepTaking(
  leaseMs: number,
  held: Client[],
  { runtime, clock, signal }: Pick<FaultContext, 'runtime' | 'clock' | 'signal'>,
): Promise<void> {
  const url = runtime.addresses.serviceDatabaseUrl
  const untilMs = clock.now() + leaseMs
  while (!signal.aborted && clock.now() < untilMs) {
    const leftMs = Math.ceil(Math.max(1, untilMs - clock.now()))
    const settings = { options: `-c idle_session_timeout=${leftMs}` }
    // Refused, or the server is down: then there is no slot to take.
    const taken = await connectPostgres(url, settings).catch(() => undefined)
    if (taken !== undefined) held.push(taken)
    else await clock.sleep(retakeEveryMs, signal).catch(() => undefined)
  }
}

async function endAll(clients: readonly Client[]): Promise<void> {
  await Promise.all(clients.map(async (client) => await client.end()))
}
