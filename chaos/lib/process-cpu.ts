import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

import { procStatFields, tickMs } from './proc-stat.ts'

/** Processor time of a process so far, in milliseconds. Undefined: it is gone, or the platform does not say. */
export async function processCpuMs(pid: number): Promise<number | undefined> {
  return await (process.platform === 'linux' ? fromProc(pid) : fromPs(pid)).catch(() => undefined)
}

async function fromProc(pid: number): Promise<number> {
  const fields = procStatFields(await readFile(`/proc/${pid}/stat`, 'latin1'))
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}

async function fromPs(pid: number): Promise<number | undefined> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'time=', '-p', String(pid)])
  return cpuMsOf(stdout)
}

/** `[[days-]hours:]minutes:seconds[.hundredths]`, as `ps` prints it. */
export function cpuMsOf(text: string): number | undefined {
  const match = /^(?:(?:(\d+)-)?(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(text.trim())
  if (match === null) return undefined
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0))
  return (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000 + (seconds ?? 0) * 1_000
}
