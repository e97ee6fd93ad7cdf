import { findLab } from '#chaos/exercise/find-lab.ts'

import { labs } from './index.ts'
import { describeLabs } from './testing/describe-labs.ts'

/**
 * Labs that need different parts of the sandbox: links, a replica, a failover, a migration. learner.e2e.test.ts makes
 * complete checks of lab-zero. `npm run verify -- --only labs` judges every version of every
 * lab many times.
 */
const starts = ['dual-write', 'trust-no-status', 'lock-queue', 'read-your-writes', 'failover']
/** Their checks depend on time the most. */
const solutions = ['overload']

describeLabs([
  ...starts.map((id) => ({ lab: findLab(labs, id), version: 'start' as const })),
  ...solutions.map((id) => ({ lab: findLab(labs, id), version: 'shop' as const })),
])
