import { readFileSync } from 'node:fs'
import path from 'node:path'

import { fence } from './markdown.ts'
import { root } from './root.ts'

/** What lab zero's own README shows as the outcome of its first run: the audit of labs holds that against runs of today. */
export function firstVerdict(): string {
  const text = readFileSync(path.join(root, 'labs/first-steps/lab-zero/README.md'), 'utf8')
  const run = text.split('\n## Run\n')[1]?.split('\n## ')[0] ?? ''
  const shown = [...run.matchAll(/^```\n([\s\S]*?)^```$/gm)].map(([, body = '']) => body)
  const verdict = shown.find((body) => body.includes('VIOLATED'))
  if (verdict === undefined) throw new Error('The README of lab zero shows no verdict any more.')
  return fence('', verdict)
}
