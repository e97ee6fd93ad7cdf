import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

import type { SandboxEvent } from '#chaos/contracts/events.ts'
import { formatRunTime, type RunClock } from '#chaos/contracts/run-clock.ts'
import type { Runtime } from '#chaos/contracts/runtime.ts'

import type { Journal } from '../journal.ts'

/** The journal of one run: in memory for the checks, and in `journal.jsonl`, one event per line. */
export interface Recording extends AsyncDisposable {
  readonly events: readonly SandboxEvent[]
}

/** Records every event until it is disposed. Disposing resolves when all events are on disk. */
export function recordJournal(journal: Journal, folder: string): Recording {
  const events: SandboxEvent[] = []
  const file = createWriteStream(join(folder, 'journal.jsonl'))
  let broken: Error | undefined
  file.on('error', (error) => {
    broken = error
  })
  const stop = journal.subscribe((event) => {
    events.push(event)
    file.write(`${JSON.stringify(event)}\n`)
  })
  return {
    events,
    [Symbol.asyncDispose]: async () => {
      stop()
      if (broken === undefined) {
        file.end()
        await once(file, 'close')
      }
      if (broken !== undefined)
        throw new Error('journal.jsonl could not be written', { cause: broken })
    },
  }
}

const logLinesMax = 20_000
const logLimitMs = 5_000

/**
 * Writes what each instance logged since `since` (ISO 8601) to its file in `logs/`. Each line begins with its time in the run:
 * a JSON object with `runMs`, other lines with `2.504 s`. Without a clock, the lines stay as they are.
 */
export async function writeLogs(
  runtime: Pick<Runtime, 'logs'>,
  names: readonly string[],
  folder: string,
  { since, clock }: { readonly since: string; readonly clock: RunClock | undefined },
): Promise<void> {
  await mkdir(join(folder, 'logs'), { recursive: true })
  const signal = AbortSignal.timeout(logLimitMs)
  await Promise.all(
    names.map(async (name) => {
      const lines: string[] = []
      for await (const { at, text } of runtime.logs(name, { tail: logLinesMax, signal }))
        if (at >= since) lines.push(`${withRunTime(text, clock?.msOfWall(at))}\n`)
      await writeFile(join(folder, 'logs', `${name}.log`), lines.join(''))
    }),
  )
}

/** A log line with its time in the run. A JSON object stays one. */
export function withRunTime(line: string, runMs: number | undefined): string {
  if (runMs === undefined || !Number.isFinite(runMs)) return line
  if (/^\{\s*"/.test(line) && line.endsWith('}')) return `{"runMs":${runMs},${line.slice(1)}`
  return `${formatRunTime(runMs)}  ${line}`
}

/** Makes `latest`, next to the run folder, a symbolic link to it. Does nothing where symbolic links are not possible. */
export async function linkLatest(folder: string): Promise<void> {
  const link = join(dirname(folder), 'latest')
  try {
    await rm(link, { force: true })
    await symlink(basename(folder), link)
  } catch {
    // The link is only a convenience.
  }
}
