import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'

const linesMax = 20

/** The last that a controller wrote on standard error. */
export type Complaints = () => Promise<string>

/** Of a controller whose standard error is a pipe to us. */
export function complaintsOf(child: ChildProcess): Complaints {
  let text = ''
  child.stderr?.setEncoding('utf8').on('data', (more: string) => {
    text = lastLines(text + more)
  })
  return async () => text
}

/** Of one that writes to a file which has this many bytes of earlier ones. */
export function complaintsIn(path: string, before: number): Complaints {
  return async () => lastLines((await readFile(path)).subarray(before).toString())
}

function lastLines(text: string): string {
  return text.split('\n').slice(-linesMax).join('\n')
}
