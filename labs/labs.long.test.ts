import { labs } from './index.ts'
import { describeLabs } from './testing/describe-labs.ts'

/**
 * Labs that need different parts of the sandbox: links, jobs, callbacks, a replica, a migration. learner.e2e.test.ts makes
 * complete checks of lab-zero, and labs.docker.test.ts of dual-write. `npm run verify -- --only labs` judges every version of every
 * lab many times.
 */
const starts = new Set([
  'half-open',
  'trust-no-status',
  'duplicate-delivery',
  'lock-queue',
  'read-your-writes',
  'failover',
  'webhooks',
])
/** Their checks depend on time the most. */
const solutions = new Set(['overload', 'lock-queue', 'failover'])

describeLabs(
  labs.flatMap((lab) => [
    ...(starts.has(lab.id) ? [{ lab, version: 'start' as const }] : []),
    ...(solutions.has(lab.id) ? [{ lab, version: 'shop' as const }] : []),
  ]),
)
