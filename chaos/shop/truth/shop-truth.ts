import type { SystemTruth } from '#chaos/contracts/truth.ts'

import { createTruthReader } from './create-truth-reader.ts'
import type { ShopCounters, Truth, TruthSource } from './truth.ts'

const sources: readonly TruthSource[] = ['Postgres', 'Redis', 'payments']
const equal: readonly (keyof ShopCounters)[] = ['paid', 'charged', 'ledgerCharges']

const counters: readonly (readonly [name: keyof ShopCounters, source: string, what: string])[] = [
  ['orders', 'Postgres', 'orders'],
  ['paid', 'Postgres', 'paid'],
  ['unfinished', 'Postgres', 'unfinished'],
  ['ledgerCharges', 'Postgres', 'charges in the ledger'],
  ['outboxWaiting', 'Postgres', 'outbox rows to publish'],
  ['migrationsRunning', 'Postgres', 'migrations in progress'],
  ['charged', 'payments', 'captured charges'],
  ['eventsMissing', 'payments', 'events that the shop has not recorded'],
  ['queueWaiting', 'queue', 'waiting jobs'],
  ['queueActive', 'queue', 'active jobs'],
  ['queueDelayed', 'queue', 'delayed jobs'],
]

const inFlight: readonly (readonly [counter: keyof ShopCounters, noun: string])[] = [
  ['unfinished', 'unfinished order'],
  ['queueWaiting', 'waiting job'],
  ['queueActive', 'active job'],
  ['queueDelayed', 'delayed job'],
  ['outboxWaiting', 'outbox row'],
  ['eventsMissing', 'missing payment event'],
  ['migrationsRunning', 'migration'],
]

/** The shop's sources of truth: Postgres, the queue in Redis, and payments' own books. */
export const shopTruth: SystemTruth<Truth> = {
  sources,
  counters: counters.map(([name, source, what]) => ({ name, source, what })),
  inFlight: inFlight.map(([counter, noun]) => ({ counter, noun })),
  equal,
  open: (addresses, clock) =>
    createTruthReader({
      // They change with a failover.
      get databaseUrl() {
        return addresses.databaseUrl
      },
      get redisUrl() {
        return addresses.redisUrl
      },
      paymentsUrl: addresses.http('payments'),
      clock,
    }),
}
