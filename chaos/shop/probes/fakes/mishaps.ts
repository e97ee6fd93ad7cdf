import type { Intercept } from './fake-process.ts'

/**
 * What happens to one statement. A number is the SQLSTATE with which the server rejects it. `lost`:
 * the connection breaks before the statement arrives, or before its reply arrives.
 */
export type Mishap =
  | '57014'
  | '40P01'
  | '40001'
  | 'lost before'
  | 'lost after'
  | 'dies before'
  | 'dies after'

export const errors = ['57014', '40P01', '40001', 'lost before', 'lost after'] as const

/** More statements than the code of a lab needs. */
export const statementsMax = 12

const isControl = /^\s*(BEGIN|START|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|SET)\b/i
const isCommit = /^\s*(COMMIT|END)\b/i

/** Statement number `at` of a process meets the mishap. */
export function mishapAt(at: number, mishap: Mishap): Intercept {
  return async ({ number, sql, session, kill, run }) => {
    if (number !== at) return await run()
    if (mishap === 'dies before' || mishap === 'dies after') {
      if (mishap === 'dies after') await run()
      kill()
      return await new Promise<never>(() => undefined)
    }
    if (mishap === 'lost before' || mishap === 'lost after') {
      if (mishap === 'lost after') await run()
      session.close()
      throw new Error('Connection terminated unexpectedly')
    }
    // Only a transaction with one snapshot fails because of others, and then also at its COMMIT.
    const hasSnapshot = session.isolation !== 'read committed'
    const isPossible =
      mishap === '40001' ? hasSnapshot && !/^\s*BEGIN/i.test(sql) : !isControl.test(sql)
    if (!isPossible || /^\s*ROLLBACK/i.test(sql)) return await run()
    return session.fail(mishap, isCommit.test(sql))
  }
}

/** Holds the statement number `at` of a process, until the gate is opened. */
export function gateAt(at: number): { readonly intercept: Intercept; readonly open: () => void } {
  const gate = Promise.withResolvers<true>()
  return {
    intercept: async ({ number, run }) => {
      if (number === at) await gate.promise
      return await run()
    },
    open: () => gate.resolve(true),
  }
}
