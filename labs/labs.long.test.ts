import { labs } from './index.ts'
import { describeLabs } from './testing/describe-labs.ts'

// learner.e2e.test.ts makes complete checks of lab-zero, and labs.docker.test.ts of dual-write.
const elsewhere: ReadonlySet<string> = new Set(['lab-zero', 'dual-write'])
/** Their checks depend on time the most. `npm run verify -- --only labs` judges every version of every lab many times. */
const solutions: ReadonlySet<string> = new Set([
  'contract-drift',
  'zombie-lock',
  'graceful-shutdown',
  'health-check-cascade',
  'overload',
])

describeLabs(
  labs
    .filter(({ id }) => !elsewhere.has(id))
    .flatMap((lab) => [
      { lab, version: 'start' as const },
      ...(solutions.has(lab.id) ? [{ lab, version: 'shop' as const }] : []),
    ]),
)
