import { stat } from 'node:fs/promises'

import { processCpuMs } from '#chaos/lib/process-cpu.ts'

import type { StartProgress } from '../../start-deadline.ts'

/** What a process has done: its processor time and the length of its log. What cannot be read is left out. */
export async function readStartProgress(pid: number, logFile: string): Promise<StartProgress> {
  const [cpuMs, outputBytes] = await Promise.all([
    processCpuMs(pid),
    stat(logFile).then(
      ({ size }) => size,
      () => undefined,
    ),
  ])
  return {
    ...(cpuMs === undefined ? {} : { cpuMs }),
    ...(outputBytes === undefined ? {} : { outputBytes }),
  }
}
