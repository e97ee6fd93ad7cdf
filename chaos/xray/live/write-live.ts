import { appendFileSync, rmdirSync, rmSync, utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'

import type { Clock } from '#chaos/lib/clock.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'

import type { SweepProgress } from '../sweep.ts'
import { liveFileName, type LiveHead, type LiveLine, touchEveryMs } from './live-line.ts'

export interface LiveWriter extends Disposable {
  status(text: string): void
  /** Writes the cells that are new since the last call. */
  show(progress: SweepProgress): void
  /** Call it when xray.json exists: removes the live file. */
  done(): void
  /**
   * Call it when the X-ray ends without a matrix. What is known so far stays; an empty X-ray is
   * removed.
   */
  broken(error: unknown, how: 'stopped' | 'failed'): void
}

/**
 * Writes the live file of an X-ray into its folder, which must exist. Disposing without an end
 * means stopped.
 */
export function writeLive(folder: string, head: LiveHead, clock: Clock): LiveWriter {
  const path = join(folder, liveFileName)
  // Writes each line synchronously and completely, so that no incomplete line stays in the file.
  const add = (line: LiveLine): void => appendFileSync(path, `${JSON.stringify(line)}\n`)
  const written = new Set<string>()
  const over = new AbortController()
  let begun = false
  rmSync(path, { force: true })
  add({ what: 'began', ...head })
  void touch(path, clock, over.signal)
  const live: LiveWriter = {
    status: (text) => add({ what: 'status', text }),
    show: ({ steps, background, baseline, learned, cells, total, leftMs }) => {
      if (!begun)
        add({
          what: 'baseline',
          steps,
          background,
          baseline,
          ...(learned === undefined ? {} : { learned }),
          total,
        })
      begun = true
      for (const cell of cells) {
        if (written.has(cell.id)) continue
        written.add(cell.id)
        add({ what: 'cell', cell, ...(leftMs === undefined ? {} : { leftMs }) })
      }
    },
    done: () => {
      over.abort()
      rmSync(path, { force: true })
    },
    broken: (error, how) => {
      if (over.signal.aborted) return
      over.abort()
      if (begun || how === 'failed') add({ what: 'ended', how, error: inWords(error) })
      else {
        rmSync(path, { force: true })
        removeEmpty(dirname(path))
      }
    },
    [Symbol.dispose]: () => live.broken(new Error('The X-ray was stopped.'), 'stopped'),
  }
  return live
}

/** With its remedy: of the error, users see this line alone. */
function inWords(error: unknown): string {
  const remedy = error instanceof InputError ? error.remedy : undefined
  return remedy === undefined ? messageOf(error) : `${messageOf(error)} ${remedy}`
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // The folder contains other files.
  }
}

async function touch(path: string, clock: Clock, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await clock.sleep(touchEveryMs, signal)
      const now = new Date(clock.wallTimeMs())
      utimesSync(path, now, now)
    } catch {
      return
    }
  }
}
