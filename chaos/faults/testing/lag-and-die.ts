/** Delays the replica at the given address for longer than any test, with a lease of one second, and waits to be killed. */
import { runAfterLease } from '../lib/postgres-lease.ts'
import { withPostgres } from '../lib/postgres.ts'

const [url = ''] = process.argv.slice(2)
await runAfterLease(url, 1_000, [
  'ALTER SYSTEM RESET recovery_min_apply_delay',
  'SELECT pg_reload_conf()',
])
await withPostgres(url, async (client) => {
  await client.query('ALTER SYSTEM SET recovery_min_apply_delay = 600000')
  await client.query('SELECT pg_reload_conf()')
})
process.send?.('lags')
setInterval(() => undefined, 60_000)
