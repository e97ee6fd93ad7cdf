import { lstat } from 'node:fs/promises'
import { join } from 'node:path'

import type { LabFileEvent } from '#chaos/contracts/events.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import type { Home } from '#chaos/home/home.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import { workFolder } from '../folders.ts'
import { readSeamFile } from '../read-seam-file.ts'

const pollMs = 500

export interface WatchLabFiles {
  readonly home: Home
  readonly labs: readonly Lab[]
  readonly clock: Clock
  readonly publish: (event: LabFileEvent) => void
}

interface Seen {
  /** Differs after every save. */
  stamp: string
  version: string | null
}

/**
 * Publishes every change of a learner's file until it is disposed, whichever program wrote it. It polls: file system events
 * do not reach every mount (Docker Desktop, WSL, network drives).
 */
export function watchLabFiles(options: WatchLabFiles): AsyncDisposable {
  const ended = new AbortController()
  const seen = new Map<string, Seen>()
  const loop = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      for (const lab of options.labs) await pollLab(options, lab, seen)
      await options.clock.sleep(pollMs, ended.signal).catch(() => undefined)
    }
  }
  const polling = loop()
  return {
    [Symbol.asyncDispose]: async () => {
      ended.abort()
      await polling
    },
  }
}

async function pollLab(
  { home, publish }: WatchLabFiles,
  lab: Lab,
  seen: Map<string, Seen>,
): Promise<void> {
  for (const { seam } of lab.seams) {
    const path = join(workFolder(home, lab), `${seam}.ts`)
    const found = await lstat(path).catch(() => undefined)
    const stamp = found === undefined ? '' : `${found.mtimeMs} ${found.size} ${found.ino}`
    const before = seen.get(path)
    if (before?.stamp === stamp) continue
    // A file that is not readable now is read the next time that it changes.
    const version = found?.isFile() === true ? await readSeamFile(path).catch(() => null) : null
    seen.set(path, { stamp, version })
    if (before !== undefined && before.version !== version)
      publish({ type: 'lab-file', lab: lab.id, seam, version })
  }
}
