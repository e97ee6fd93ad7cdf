import { labs } from './index.ts'
import { describeLabs } from './testing/describe-labs.ts'

/**
 * One lab of each kind of failure: connection, response, job, click, queue, load, schema, replica, callback. learner.e2e.test.ts makes
 * complete checks of lab-zero, and labs.docker.test.ts of dual-write. `npm run verify -- --only labs` judges every version of every
 * lab many times.
 */
const starts = [
  'half-open',
  'trust-no-status',
  'duplicate-delivery',
  'double-submit',
  'queue-amnesia',
  'health-check-cascade',
  'overload',
  'lock-queue',
  'read-your-writes',
  'failover',
  'webhooks',
]
/** Their checks depend on time the most. */
const solutions: ReadonlySet<string> = new Set(['overload', 'lock-queue', 'failover'])

describeLabs(
  labs
    .filter(({ id }) => starts.includes(id))
    .flatMap((lab) => [
      { lab, version: 'start' as const },
      ...(solutions.has(lab.id) ? [{ lab, version: 'shop' as const }] : []),
    ]),
)
