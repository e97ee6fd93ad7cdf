// Breaks "The probe is true while the process can serve."
// It queries no store, and it finds an event loop that hangs. But the histogram is never reset: `max` is the longest pause
// since the start. After one pause of half a second (a frozen VM, a large JSON, a garbage collection) the process can
// serve again, and the probe stays false. The supervisor kills a healthy instance, and all of them after a common pause.
import { monitorEventLoopDelay } from 'node:perf_hooks'

import type { Liveness } from '#services/api/seams.ts'

const delayMaxMs = 500
const delay = monitorEventLoopDelay({ resolution: 20 })
delay.enable()

export const liveness: Liveness = async () => delay.max / 1e6 < delayMaxMs
