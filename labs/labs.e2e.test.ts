import { labs } from './index.ts'
import { describeLabs } from './testing/describe-labs.ts'

// The labs that show how labs work. labs.long.test.ts judges the others; labs.docker.test.ts makes a complete check.
const shown: ReadonlySet<string> = new Set(['lab-zero', 'dual-write'])

describeLabs(labs.filter(({ id }) => shown.has(id)))
