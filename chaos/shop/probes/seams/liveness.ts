import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { Liveness } from '#services/api/seams.ts'

import { endInWords, inWords } from '../contract-probe.ts'
import type { CallEnd, ProbeTools, SeamContract } from '../contract-probe.ts'

const served =
  'The probe is true while the process can serve. It does not matter which other systems are unreachable: one or all of them, for a second or for an hour.'
const goal = 'A short outage of one dependency affects only the requests that need it.'
const tenMinutesMs = 600_000
const oneMinuteMs = 60_000
/** As the lab's supervisor: it waits 0.4 s for a response and 0.2 s until the next probe. */
const answerMaxMs = 400
const betweenMs = 200
const failuresMax = 3

export const livenessContract: SeamContract<Liveness> = {
  lab: 'health-check-cascade',
  time: 'jumping',
  probes: [
    {
      name: 'alive while everything works',
      promise: '`true` means alive; `false`, an error, and no response in time mean not alive.',
      run: async (tools) => await staysAlive(tools, { down: [], how: works, forMs: oneMinuteMs }),
    },
    ...[['postgres'], ['redis'], ['postgres', 'redis']].flatMap((down) => [
      {
        name: `alive while ${down.join(' and ')} ${down.length > 1 ? 'are' : 'is'} silent`,
        promise: goal,
        run: async (tools: ProbeTools<Liveness>) =>
          await staysAlive(tools, { down, how: never, forMs: tenMinutesMs }),
      },
      {
        name: `alive while ${down.join(' and ')} ${down.length > 1 ? 'refuse' : 'refuses'} connections`,
        promise: goal,
        run: async (tools: ProbeTools<Liveness>) =>
          await staysAlive(tools, { down, how: refuses, forMs: oneMinuteMs }),
      },
    ]),
    {
      name: 'alive while many requests wait for a connection to postgres',
      promise: served,
      run: async (tools) =>
        await staysAlive(tools, {
          down: ['postgres'],
          how: never,
          forMs: oneMinuteMs,
          pool: { totalCount: 5, idleCount: 0, waitingCount: 200 },
        }),
    },
    ...[never, refuses].map((how) => ({
      name: `alive while postgres and redis ${how === never ? 'are silent' : 'refuse connections'}, after a time that worked`,
      promise: served,
      run: async (tools: ProbeTools<Liveness>) =>
        await staysAlive(tools, {
          down: ['postgres', 'redis'],
          how,
          fromMs: 10_000,
          forMs: 30_000,
        }),
    })),
    {
      name: 'alive again after the process did not run for a while',
      promise: served,
      run: async (tools) => await recoversFromPauses(tools),
    },
    {
      name: 'gives every connection back, even when its statements fail',
      promise: goal,
      run: async (tools) => await givesBack(tools),
    },
  ],
}

interface Outage {
  readonly down: readonly string[]
  /** What every command of a store that is down does. */
  readonly how: () => Promise<unknown>
  readonly forMs: number
  /** How long everything works before. */
  readonly fromMs?: number
  /** What the pool of Postgres reports about itself. */
  readonly pool?: Readonly<Record<string, number>>
}

/** Probes as the supervisor does. It restarts an instance after three failures in a row. */
async function staysAlive(
  tools: ProbeTools<Liveness>,
  { down, how, forMs, fromMs = 0, pool }: Outage,
): Promise<Breach | undefined> {
  const liveness = await tools.load()
  const beganMs = tools.now()
  const command = async (): Promise<unknown> =>
    await (tools.now() - beganMs < fromMs ? works() : how())
  const store = (name: string) => fakeStore(down.includes(name) ? command : works, pool)
  const instance = { database: store('postgres'), redis: store('redis') } as Parameters<Liveness>[0]
  let failures = 0
  while (tools.now() - beganMs < fromMs + forMs) {
    const end = await tools.call(async () => await liveness(instance), answerMaxMs)
    if (tools.crash() !== undefined) return crashed(tools)
    failures = end.how === 'returned' && end.value ? 0 : failures + 1
    if (failures === failuresMax)
      return {
        expected: `alive for ${(fromMs + forMs) / 1_000} s`,
        actual: `three probes in a row failed after ${((tools.now() - beganMs) / 1_000).toFixed(1)} s: ${endInWords(end)}`,
      }
    await tools.pass(betweenMs)
  }
  return undefined
}

/** Each one is longer than all before it. */
const pausesMs = [600, 3_000, 30_000]

/**
 * A large JSON, a garbage collection, a frozen virtual machine: the process can serve afterwards. The
 * README gives no limit for the time until the probe is true again, so a minute is enough.
 */
async function recoversFromPauses(tools: ProbeTools<Liveness>): Promise<Breach | undefined> {
  const liveness = await tools.load()
  const instance = {
    database: fakeStore(works),
    redis: fakeStore(works),
  } as Parameters<Liveness>[0]
  for (const pauseMs of [0, ...pausesMs]) {
    await tools.pause(pauseMs)
    const beganMs = tools.now()
    let isAlive = false
    let end: CallEnd<unknown> = { how: 'never' }
    while (tools.now() - beganMs < oneMinuteMs) {
      end = await tools.call(async () => await liveness(instance), answerMaxMs)
      isAlive = end.how === 'returned' && Boolean(end.value)
      await tools.pass(2_000)
    }
    if (tools.crash() !== undefined) return crashed(tools)
    if (!isAlive)
      return {
        expected: `alive again within a minute after the process did not run for ${pauseMs / 1_000} s`,
        actual: `the last probe of this minute failed: ${endInWords(end)}`,
      }
  }
  return undefined
}

const probesMax = 30

/** Statements fail, as while Postgres restarts. The code must give back a connection that it took. */
async function givesBack(tools: ProbeTools<Liveness>): Promise<Breach | undefined> {
  const liveness = await tools.load()
  let lent = 0
  const client = (): unknown => {
    lent += 1
    let isLent = true
    const release = (): void => {
      if (isLent) lent -= 1
      isLent = false
    }
    return fakeStore(refuses, { release })
  }
  const database = fakeStore(refuses, { connect: async () => client() })
  const instance = { database, redis: fakeStore(works) } as Parameters<Liveness>[0]
  for (let i = 0; i < probesMax; i++) {
    await tools.call(async () => await liveness(instance), answerMaxMs)
    await tools.pass(betweenMs)
  }
  if (tools.crash() !== undefined) return crashed(tools)
  await tools.pass(oneMinuteMs)
  if (lent < failuresMax) return undefined
  return {
    expected: `after ${probesMax} probes while statements fail, every connection is in the pool again`,
    actual: `${lent} connections were not given back`,
  }
}

function crashed(tools: ProbeTools<Liveness>): Breach {
  return {
    expected: 'the process survives an outage of a store',
    actual: `the process ended with ${inWords(tools.crash())}`,
  }
}

async function works(): Promise<unknown> {
  return { rows: [{ '?column?': 1 }], rowCount: 1, command: 'SELECT' }
}

async function never(): Promise<unknown> {
  return await new Promise<never>(() => undefined)
}

async function refuses(): Promise<unknown> {
  throw new Error('connect ECONNREFUSED')
}

/** A client of a store. Every method of it is the one given; `on` and the like do nothing. */
function fakeStore(
  command: () => Promise<unknown>,
  members: Readonly<Record<string, unknown>> = {},
): unknown {
  const listeners = new Set(['on', 'once', 'off', 'addListener', 'removeListener'])
  const store: object = new Proxy(
    { totalCount: 3, idleCount: 0, waitingCount: 0, status: 'ready', ...members },
    {
      get(target, name) {
        if (typeof name === 'symbol' || name === 'then') return undefined
        if (name in target) return target[name as keyof typeof target]
        return listeners.has(name) ? () => store : command
      },
    },
  )
  return store
}
