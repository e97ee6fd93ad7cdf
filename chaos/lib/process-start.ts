import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

import { procStatFields } from './proc-stat.ts'

/**
 * When a process started, as the kernel counts it: with the pid, it names one process until the machine starts again. Undefined: there
 * is no such process, or only its exit status is left.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  try {
    if (process.platform === 'linux') {
      const fields = procStatFields(await readFile(`/proc/${pid}/stat`, 'latin1'))
      return ['Z', 'X'].includes(fields[0] ?? '') ? undefined : fields[19]
    }
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)])
    return stdout.trim() || undefined
  } catch {
    return undefined
  }
}
