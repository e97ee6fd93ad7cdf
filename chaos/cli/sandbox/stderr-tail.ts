import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'

const linesMax = 20

/** Returns the last lines that a controller wrote on standard error. */
export type StderrTail = () => Promise<string>

/** For a controller whose standard error is a pipe to this process. */
export function stderrTailOfChild(child: ChildProcess): StderrTail {
  let text = ''
  child.stderr?.setEncoding('utf8').on('data', (more: string) => {
    text = lastLines(text + more)
  })
  return async () => text
}

/** For a controller that appends to a log file. `before` is the file's size in bytes when the controller started. */
export function stderrTailInFile(path: string, before: number): StderrTail {
  return async () => lastLines((await readFile(path)).subarray(before).toString())
}

function lastLines(text: string): string {
  return text.split('\n').slice(-linesMax).join('\n')
}
