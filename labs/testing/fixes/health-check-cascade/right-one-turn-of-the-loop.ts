// RIGHT. It asks for one full turn of the event loop: timers, then the check phase. If the loop turns, this takes a few
// milliseconds; if it hangs, there is no response in time. It keeps no state, so an earlier pause does not count, and
// it touches no store.
import { setImmediate, setTimeout } from 'node:timers/promises'

import type { Liveness } from '#services/api/seams.ts'

export const liveness: Liveness = async () => {
  await setTimeout(1)
  await setImmediate()
  return true
}
