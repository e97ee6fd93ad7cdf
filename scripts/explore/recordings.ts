import { readFileSync } from 'node:fs'
import path from 'node:path'

import { projectRoot } from '#chaos/home/home.ts'

import type { Recording } from './recording.ts'
import { versions } from './versions.ts'

/** The recordings in `docs/explore/`, in the sequence of the page. */
export function readRecordings(): readonly Recording[] {
  return versions.map(({ file }) => {
    const text = readFileSync(path.join(projectRoot, 'docs/explore', `${file}.json`), 'utf8')
    return JSON.parse(text) as Recording
  })
}
