import { availableParallelism, loadavg } from 'node:os'

import type { Judged } from '#chaos/grading/judge.ts'

/** A sandbox alone stays below. */
const loadPerProcessorMax = 3

/** What to say of code that had no verdict within the limit. On a machine with too much other work it proves nothing. */
export function lateResult(
  limitMs: number,
  machine: { readonly load: number; readonly processors: number } = {
    load: loadavg()[0] ?? 0,
    processors: availableParallelism(),
  },
): Judged {
  const within = `There was no verdict within ${limitMs / 1_000} s`
  if (machine.load <= loadPerProcessorMax * machine.processors)
    return { kind: 'late', why: `${within}: the code keeps the sandbox from its work.` }
  return {
    kind: 'busy',
    why: `${within}, and this machine is busy: ${machine.load.toFixed(0)} processes wait for ${machine.processors} processors. End other programs, or raise --limit. Then grade again.`,
  }
}
