import { systemClock } from '#chaos/lib/clock.ts'

import { createTypeChecker } from '../type-checker.ts'

// Prints the id of its language server and lives until it is killed.
const checker = createTypeChecker({ clock: systemClock })
await checker.diagnostics('export const a = 1\n', 60_000)
process.stdout.write(String(checker.pid))
process.stdin.resume()
setInterval(() => undefined, 1_000)
