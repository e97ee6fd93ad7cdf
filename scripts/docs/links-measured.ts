import { readFileSync } from 'node:fs'
import path from 'node:path'

import { root } from './root.ts'

/** The table of the data plane's own README, and the sentences about the machine above it: measured figures have one home. */
export function linksMeasured(): string {
  const text = readFileSync(path.join(root, 'chaos/proxy/README.md'), 'utf8')
  const section = text.split('\n## Measured\n')[1]?.split('\n## ')[0] ?? ''
  const blocks = section.trim().split('\n\n')
  const at = blocks.findIndex((block) => block.startsWith('|'))
  const [about, table] = [blocks[at - 1], blocks[at]]
  if (about === undefined || table === undefined)
    throw new Error('chaos/proxy/README.md has no table of measured figures any more.')
  return `${about}\n\n${table}\n\nMore, and how it was measured: [chaos/proxy/README.md](chaos/proxy/README.md#measured).\n`
}
