import { labs } from './index.ts'
import { describeLabs } from './testing/describe-labs.ts'

// labs.e2e.test.ts judges these.
const shown: ReadonlySet<string> = new Set(['lab-zero', 'dual-write'])

describeLabs(
  labs.filter(({ id }) => !shown.has(id)),
  { sandboxes: 2, quick: true },
)
