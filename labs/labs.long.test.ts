import { labs } from './index.ts'
import { describeLabs } from './testing/describe-labs.ts'

// labs.docker.test.ts makes a complete check.
describeLabs(labs)
