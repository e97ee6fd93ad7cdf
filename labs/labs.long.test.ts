import { labs } from './index.ts'
import { describeLabs } from './testing/describe-labs.ts'

describeLabs(labs, { sandboxes: 2, quick: true })
