/** Program: cleans up the sandboxes folder in its argument and prints what it did, as JSON. */
import { systemClock } from '#chaos/lib/clock.ts'

import { cleanUpSandboxes } from '../clean-up-sandboxes.ts'

process.stdout.write(JSON.stringify(await cleanUpSandboxes(process.argv[2] ?? '', systemClock)))
