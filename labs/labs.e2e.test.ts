import { labs } from './index.ts'
import { describeLabs } from './testing/describe-labs.ts'

// The labs that show how labs work. labs.long.test.ts judges every lab.
const shown: ReadonlySet<string> = new Set(['lab-zero', 'dual-write'])

describeLabs(
  labs.filter(({ id }) => shown.has(id)),
  { sandboxes: 1, quick: false },
)
