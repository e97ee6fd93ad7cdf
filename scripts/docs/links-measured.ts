import { readFileSync } from 'node:fs'
import path from 'node:path'

import { projectRoot } from '#chaos/home/home.ts'

/** The rows that say most: speed and memory. */
const shown = /^\| (\||-|bulk up|redis-benchmark -c 50|connections|kB)|^\|-/

/** The measured figures in the data plane's README: rows of the table, and the paragraph above it about the machine. */
export function linksMeasured(): string {
  const text = readFileSync(path.join(projectRoot, 'chaos/proxy/README.md'), 'utf8')
  const section = text.split('\n## Measured\n')[1]?.split('\n## ')[0] ?? ''
  const blocks = section.trim().split('\n\n')
  const at = blocks.findIndex((block) => block.startsWith('|'))
  const [about, table] = [blocks[at - 1], blocks[at]]
  if (about === undefined || table === undefined)
    throw new Error('chaos/proxy/README.md has no paragraph with a table in its section Measured.')
  const rows = table.split('\n').filter((row) => shown.test(row))
  return `${about}\n\n${rows.join('\n')}\n\nMore figures, and how to measure them: [chaos/proxy/README.md](chaos/proxy/README.md#measured).\n`
}
