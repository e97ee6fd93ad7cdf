import { readFileSync } from 'node:fs'
import path from 'node:path'

import { projectRoot } from '#chaos/home/home.ts'

import { markdownFence } from './markdown.ts'

/** The first verdict in the README of lab zero, without the story that follows it. `npm run labs:audit` compares it with a run. */
export function firstVerdict(): string {
  const text = readFileSync(path.join(projectRoot, 'labs/first-steps/lab-zero/README.md'), 'utf8')
  const run = text.split('\n## Run\n')[1]?.split('\n## ')[0] ?? ''
  const shown = [...run.matchAll(/^```\n([\s\S]*?)^```$/gm)].map(([, body = '']) => body)
  const verdict = shown.find((body) => body.includes('VIOLATED'))
  if (verdict === undefined)
    throw new Error('labs/first-steps/lab-zero/README.md shows no verdict in its section Run.')
  return markdownFence('', `${verdict.split('\n\nThe story of')[0]}\n`)
}
