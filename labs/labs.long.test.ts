import { labs } from './index.ts'
import { describeLabsSideBySide } from './testing/describe-labs.ts'

// labs.e2e.test.ts judges these.
const shown: ReadonlySet<string> = new Set(['lab-zero', 'dual-write'])

describeLabsSideBySide(labs.filter(({ id }) => !shown.has(id)))
