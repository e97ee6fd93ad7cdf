import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { DatabasePool } from '#services/lib/seams.ts'

import { endInWords } from '../contract-probe.ts'
import type { ProbeTools, SeamContract } from '../contract-probe.ts'
import {
  beginOrder,
  endInTime,
  endOrder,
  labConfig,
  limitMs,
  placeOrder,
  startPool,
  worksAgain,
} from '../fakes/postgres/pool-trial.ts'
import type { PoolTrial } from '../fakes/postgres/pool-trial.ts'
import { breaks, silences } from '../fakes/postgres/postgres-session.ts'
import type { Break, Fate } from '../fakes/postgres/postgres-session.ts'
import {
  releasesLocks,
  sendsOnce,
  slowStatements,
  poolStaysSmall,
} from './database-pool/pool-statements.ts'

const again =
  'When the network works again, the API works again, whatever happened to its connections.'
const noRestart = 'No other customer may notice, and no instance should restart.'
const queriesEnd =
  'Every query ends, with a result or with an error, even when no message arrives any more.'
const requestsEnd = 'Every request for a connection ends, too.'
const neverMore = 'It never has more than `connectionsMax`.'
const succeeds = 'A statement that Postgres completes within `statementTimeoutMs` succeeds.'
const locksEnd = 'Postgres does not keep the locks of an order whose connection is silent.'
const once = 'A statement is sent once: without a reply, Postgres may have executed it.'
const reports: readonly Break[] = ['reset', 'closed', 'ended']

type Tools = ProbeTools<DatabasePool>
type Situation = (trial: PoolTrial) => Promise<void>

export const databasePoolContract: SeamContract<DatabasePool> = {
  lab: 'half-open',
  time: 'sockets',
  probes: [
    {
      name: 'connections in use by orders become silent: orders and reads work again',
      promise: again,
      run: async (tools) => await recoversFrom(tools, silences, brokenInUse),
    },
    {
      name: 'idle connections become silent: orders and reads work again',
      promise: again,
      run: async (tools) => await recoversFrom(tools, silences, brokenWhileIdle),
    },
    {
      name: 'idle connections are reset: the process survives',
      promise: noRestart,
      run: async (tools) => await recoversFrom(tools, reports, brokenWhileIdle),
    },
    {
      name: 'connections in use by orders are reset: the process survives',
      promise: noRestart,
      run: async (tools) => await recoversFrom(tools, reports, brokenInUse),
    },
    {
      name: 'a connection breaks at any statement of an order, or in the middle of a reply: every query ends',
      promise: queriesEnd,
      run: async (tools) => await breaksAtAnyStatement(tools),
    },
    {
      name: 'new connections break before their first reply: every request for a connection ends',
      promise: requestsEnd,
      run: async (tools) => await breaksAtConnect(tools),
    },
    {
      name: 'all connections are in use: every request for a connection ends',
      promise: requestsEnd,
      run: async (tools) => await endsWhileFull(tools),
    },
    {
      name: 'one connection after another becomes silent, while the others are in use',
      promise: neverMore,
      run: async (tools) => await poolStaysSmall(tools),
    },
    {
      name: 'a slow statement succeeds, with each configuration of the shop',
      promise: succeeds,
      run: async (tools) => await slowStatements(tools),
    },
    {
      name: 'an order with a lock becomes silent: other orders of the product succeed again',
      promise: locksEnd,
      run: async (tools) => await releasesLocks(tools),
    },
    {
      name: 'the reply to an INSERT is lost: it is not sent again',
      promise: once,
      run: async (tools) => await sendsOnce(tools),
    },
  ],
}

const brokenInUse =
  (how: Break): Situation =>
  async ({ postgres, pool, tools }) => {
    const orders = await Promise.all([0, 1, 2].map(async () => await beginOrder(pool)))
    postgres.break(how)
    if (!silences.includes(how)) await tools.sleep(500)
    for (const order of orders) void endOrder(order)
  }

const brokenWhileIdle =
  (how: Break): Situation =>
  async ({ postgres, pool }) => {
    const orders = await Promise.all([0, 1, 2].map(async () => await beginOrder(pool)))
    for (const order of orders) order.release()
    postgres.break(how)
  }

async function recoversFrom(
  tools: Tools,
  ways: readonly Break[],
  situation: (how: Break) => Situation,
): Promise<Breach | undefined> {
  for (const how of ways) {
    const breach = await recovers(tools, situation(how))
    if (breach !== undefined) return breach
  }
  return undefined
}

/** The API works again after the situation, and its process has survived. */
async function recovers(tools: Tools, situation: Situation): Promise<Breach | undefined> {
  await using trial = await startPool(tools)
  const broken = await tools.call(async () => await situation(trial), limitMs)
  if (broken.how === 'threw' || broken.how === 'never')
    return trial.breach({ expected: 'a connection, before any fault', actual: endInWords(broken) })
  const end = await tools.call(async () => await worksAgain(trial), limitMs)
  return trial.breach(
    end.how === 'returned'
      ? undefined
      : {
          expected: `orders and reads succeed within ${limitMs / 1_000} s`,
          actual: end.how === 'never' ? 'they never did' : endInWords(end),
        },
  )
}

async function breaksAtAnyStatement(tools: Tools): Promise<Breach | undefined> {
  for (const how of breaks)
    for (const after of ['nothing', 'half of the reply'] as const)
      for (const at of ['BEGIN', 'SELECT', 'COMMIT']) {
        // Postgres never says why in the middle of a row, and only a SELECT has rows.
        if (after !== 'nothing' && (how === 'ended' || at !== 'SELECT')) continue
        const breach = await queriesEndWhen(tools, at, { breaks: how, after })
        if (breach !== undefined) return breach
      }
  return undefined
}

async function queriesEndWhen(tools: Tools, at: string, fate: Fate): Promise<Breach | undefined> {
  await using trial = await startPool(tools)
  const { postgres, pool } = trial
  await tools.call(async () => await placeOrder(pool), limitMs)
  // Each connection of this moment breaks at most once. New ones work.
  let left = labConfig.connectionsMax
  postgres.plan = (sql) => (sql.startsWith(at) && left-- > 0 ? fate : undefined)
  const calls = [placeOrder(pool), pool.query('SELECT 1'), pool.query('SELECT $1', [1])]
  const hanging = await endInTime(tools, calls, limitMs)
  if (hanging > 0)
    return trial.breach({
      expected: `every query ends within ${limitMs / 1_000} s`,
      actual: `${hanging} of ${calls.length} did not, when a connection broke (${fate.breaks ?? ''}) at ${at}`,
    })
  postgres.plan = undefined
  return await worksAfterwards(trial)
}

async function worksAfterwards(trial: PoolTrial): Promise<Breach | undefined> {
  const end = await trial.tools.call(async () => await worksAgain(trial), limitMs)
  if (end.how === 'returned') return trial.breach()
  return trial.breach({
    expected: `orders and reads succeed within ${limitMs / 1_000} s after the fault`,
    actual: end.how === 'never' ? 'they never did' : endInWords(end),
  })
}

async function breaksAtConnect(tools: Tools): Promise<Breach | undefined> {
  for (const how of breaks) {
    await using trial = await startPool(tools)
    const { postgres, pool } = trial
    postgres.atConnect = how
    const calls = Array.from({ length: 4 }, async (_, i) => {
      await (i % 2 === 0 ? pool.query('SELECT 1') : placeOrder(pool))
    })
    const hanging = await endInTime(tools, calls, limitMs)
    if (hanging > 0) return trial.breach(tooLong(hanging, calls.length))
    postgres.atConnect = undefined
    const breach = await worksAfterwards(trial)
    if (breach !== undefined) return breach
  }
  return undefined
}

const tooLong = (hanging: number, count: number): Breach => ({
  expected: `every request for a connection ends within ${limitMs / 1_000} s`,
  actual: `${hanging} of ${count} did not`,
})

async function endsWhileFull(tools: Tools): Promise<Breach | undefined> {
  await using trial = await startPool(tools)
  const { pool } = trial
  const held = await tools.call(
    async () => await Promise.all([0, 1, 2].map(async () => await pool.connect())),
    limitMs,
  )
  if (held.how !== 'returned')
    return trial.breach({ expected: 'three connections', actual: endInWords(held) })
  const calls = [pool.query('SELECT 1'), placeOrder(pool), pool.query('SELECT $1', [1])]
  const hanging = await endInTime(tools, calls, limitMs)
  if (hanging > 0) return trial.breach(tooLong(hanging, calls.length))
  for (const connection of held.value) connection.release()
  return await worksAfterwards(trial)
}
