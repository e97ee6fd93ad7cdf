// WRONG. Breaks "The probe is true while the process can serve."
// No store is queried, and a hanging event loop is found. But the histogram is never reset: `max` is the longest pause since
// the start. After one pause of half a second (a frozen VM, a large JSON, a garbage collection) the process serves again, and the probe is
// false for ever: three probes later the supervisor kills a healthy instance, and all of them after a common pause.
import { monitorEventLoopDelay } from 'node:perf_hooks'

import type { Liveness } from '#services/api/seams.ts'

const delayMaxMs = 500
const delay = monitorEventLoopDelay({ resolution: 20 })
delay.enable()

export const liveness: Liveness = async () => delay.max / 1e6 < delayMaxMs
