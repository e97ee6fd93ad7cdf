import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { DatabasePool } from '#services/lib/seams.ts'

import { endInWords } from '../../contract-probe.ts'
import type { ProbeTools } from '../../contract-probe.ts'
import {
  beginOrder,
  endInTime,
  endOrder,
  labConfig,
  limitMs,
  placeOrder,
  startPool,
  worksAgain,
} from '../../fakes/postgres/pool-trial.ts'
import type { PoolTrial } from '../../fakes/postgres/pool-trial.ts'
import { breaks, silences } from '../../fakes/postgres/postgres-session.ts'

type Tools = ProbeTools<DatabasePool>

/** One connection after another becomes silent, while the others are in use. */
export async function poolStaysSmall(tools: Tools): Promise<Breach | undefined> {
  await using trial = await startPool(tools)
  const { postgres, pool } = trial
  let most = 0
  for (let round = 0; round < 3; round++) {
    const over = { isOver: false }
    for (let i = 0; i < 2; i++) void longOrder(trial, over)
    await tools.pass(100)
    postgres.plan = (sql) => (sql === lost ? { breaks: 'silent' } : undefined)
    await endInTime(tools, [pool.query(lost)], limitMs)
    for (let i = 0; i < 6; i++) void placeOrder(pool).catch(() => undefined)
    await tools.pass(100)
    most = Math.max(most, postgres.open)
    over.isOver = true
    await tools.pass(5_000)
  }
  if (most <= labConfig.connectionsMax) return trial.breach()
  return trial.breach({
    expected: `at most ${labConfig.connectionsMax} open connections`,
    actual: `${most}, after a query without a reply`,
  })
}

const lost = 'SELECT 1 AS lost'

/** Keeps its connection, and sends a statement from time to time. */
async function longOrder(
  { pool, tools }: PoolTrial,
  over: { readonly isOver: boolean },
): Promise<void> {
  const order = await beginOrder(pool).catch(() => undefined)
  if (order === undefined) return
  try {
    while (!over.isOver) {
      await order.query('SELECT 1 FROM products')
      await tools.sleep(200)
    }
  } catch {
    return order.release(true)
  }
  await endOrder(order)
}

/** The lab's numbers, the shop's, and larger ones, as in production. */
const slower = { acquireTimeoutMs: 3_000, lockTimeoutMs: 2_000, idleInTransactionTimeoutMs: 9_000 }
const configs = [
  labConfig,
  { ...labConfig, acquireTimeoutMs: 1_000, statementTimeoutMs: 800, queryTimeoutMs: 1_000 },
  { ...labConfig, ...slower, statementTimeoutMs: 4_000, queryTimeoutMs: 5_000 },
]

export async function slowStatements(tools: Tools): Promise<Breach | undefined> {
  for (const config of configs) {
    await using trial = await startPool(tools, config)
    const { postgres, pool } = trial
    const takesMs = config.statementTimeoutMs - 20
    postgres.plan = (sql) => (sql.startsWith('SELECT') ? { takesMs } : undefined)
    for (const work of [
      async () => await pool.query('SELECT 1'),
      async () => await pool.query('SELECT $1', [1]),
      async () => await placeOrder(pool),
    ]) {
      const end = await tools.call(async () => void (await work()), limitMs)
      if (end.how === 'returned') continue
      return trial.breach({
        expected: `a result after ${takesMs} ms, with statementTimeoutMs ${config.statementTimeoutMs}`,
        actual: endInWords(end),
      })
    }
    const breach = trial.breach()
    if (breach !== undefined) return breach
  }
  return undefined
}

const lockRow = 'SELECT stock FROM products FOR UPDATE'

export async function releasesLocks(tools: Tools): Promise<Breach | undefined> {
  for (const how of silences) {
    await using trial = await startPool(tools)
    const { postgres, pool } = trial
    const begun = await tools.call(async () => {
      const order = await beginOrder(pool)
      await order.query(lockRow)
      postgres.break(how)
      await endOrder(order)
    }, limitMs)
    if (begun.how === 'threw') return trial.breach({ expected: '', actual: endInWords(begun) })
    const end = await tools.call(async () => await worksAgain(trial, lockRow), limitMs)
    const breach = trial.breach(
      end.how === 'returned'
        ? undefined
        : {
            expected: `within ${limitMs / 1_000} s other orders can lock the same product`,
            actual: 'the session of the silent order keeps its lock',
          },
    )
    if (breach !== undefined) return breach
  }
  return undefined
}

const insert = 'INSERT INTO outbox (topic, order_id, payload) VALUES'

export async function sendsOnce(tools: Tools): Promise<Breach | undefined> {
  for (const how of breaks)
    for (const values of [undefined, ['o-1']]) {
      await using trial = await startPool(tools)
      const { postgres, pool } = trial
      postgres.plan = (sql) => (sql.startsWith('INSERT') ? { breaks: how } : undefined)
      const sql = `${insert} ('orders', ${values === undefined ? "'o-1'" : '$1'}, '{}')`
      await tools.call(async () => await pool.query(sql, values), limitMs)
      await tools.pass(limitMs)
      const count = postgres.received.filter((one) => one.startsWith('INSERT')).length
      const breach = trial.breach(
        count <= 1
          ? undefined
          : { expected: 'an INSERT without a reply is sent once', actual: `${count} times` },
      )
      if (breach !== undefined) return breach
    }
  return undefined
}
