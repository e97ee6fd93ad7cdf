import { defineLab } from '#chaos/contracts/lab.ts'

export const lockQueue = defineLab({
  id: 'lock-queue',
  track: 'production-reality',
  title: 'Lock queue: the migration that stops everything',
  goal: 'The migration completes while customers place orders and a report reads the table, and no customer notices it.',
  breaks: 'ALTER TABLE waits behind a report, and everything else waits behind ALTER TABLE',
  lesson: 'lock_timeout and retries, batches, concurrent index',
  minutes: 40,
  seams: [{ seam: 'migrate', service: 'worker' }],
  fails: 'availability',
  nearMisses: [
    {
      name: 'one-try',
      fails: 'migration-complete',
      because:
        'It sets a lock_timeout and does not try again. The report takes longer than one try, so the column does not exist.',
    },
    {
      name: 'one-transaction',
      fails: 'availability',
      because:
        'It tries again with a lock_timeout, but it fills the column in the transaction of ALTER TABLE. The table stays locked for as long as all old orders take.',
    },
    {
      name: 'end-the-report',
      fails: 'report-finished',
      because:
        'It ends the session that is in the way. That session is the report, which another team waits for.',
    },
    {
      name: 'one-default',
      fails: 'migration-complete',
      because:
        'It adds the column with a constant default, which touches no row. So every old order has the channel of a new one.',
    },
    {
      name: 'half-an-index',
      fails: 'contract',
      because:
        'CREATE INDEX CONCURRENTLY also waits for reports. Its lock_timeout leaves an index that is not valid, and IF NOT EXISTS accepts it at the next try.',
    },
  ],
  sweep: 'no-flow',
  alternatives: ['no-wait', 'wait-for-a-gap'],
  prediction: {
    question:
      'A report reads orders for six seconds. ALTER TABLE ... ADD COLUMN takes a millisecond, and it needs the table for itself, so it waits for the report. Customers place orders and read them; a report only reads, and every customer was served while it ran. What happens to the customers while ALTER TABLE waits?',
    answers: [
      'Nothing: ALTER TABLE waits and holds no lock, so it does not affect them.',
      'Customers who write wait, because a write conflicts with the report; customers who read do not.',
      'All of them wait, readers too: each statement queues behind ALTER TABLE, although it does not conflict with the report.',
      'Postgres detects the deadlock after a second and cancels ALTER TABLE.',
    ],
    right: 2,
    because:
      'Postgres grants locks in the sequence of the queue. A statement waits if it conflicts with a lock that is held or with a request that waits before it. ALTER TABLE conflicts with everything, so everything waits behind it, until the report ends or a timeout of the shop cancels the statement.',
  },
  hints: [
    'While a check runs: unhappy sql "SELECT pid, application_name, wait_event_type, left(query, 40), pg_blocking_pids(pid) FROM pg_stat_activity WHERE wait_event_type = \'Lock\'". Which process waits for which? The statement at the head of the queue is the one that must not stay there.',
    'SET lock_timeout bounds the time in the queue for a session. Then ALTER TABLE fails with 55P03 while the report reads, and your code must come back after a pause in which customers are served. What else in your transaction keeps the table locked after ALTER TABLE has succeeded?',
    'Three steps, each of which can be repeated: ALTER TABLE with a lock_timeout of 100 to 200 ms, again until it succeeds; UPDATE in batches of ten orders, each in a transaction of its own; CREATE INDEX CONCURRENTLY outside of a transaction and without lock_timeout. If an index of that name exists and pg_index.indisvalid is false, drop it first.',
  ],
  learned: [
    'A lock request that waits blocks as much as a lock that is held. The length of a migration is its wait plus its work.',
    'Every statement that needs a table for itself gets a lock_timeout, and code that tries again.',
    'A lock lasts until COMMIT. Schema changes and long work do not belong in one transaction.',
    'CREATE INDEX CONCURRENTLY waits instead of blocking, and leaves an index that is not valid when it fails. Check that, too.',
    'A migration can end in the middle. Write each step so that it can run again.',
  ],
  buildsOn: ['contract-drift'],
})
