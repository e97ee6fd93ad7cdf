import { labs } from './index.ts'
import { describeLabs } from './testing/describe-labs.ts'

// learner.e2e.test.ts makes complete checks of lab-zero, and labs.docker.test.ts of dual-write.
const others: ReadonlySet<string> = new Set(['lab-zero', 'dual-write'])

describeLabs(labs.filter(({ id }) => !others.has(id)))
