import { createInterface } from 'node:readline/promises'

import type { LabSummary } from '#chaos/contracts/api.ts'

import type { Cli } from '../cli.ts'

/** Whether to show what gives the solution away. Asks only a learner at a terminal whose code has no held verdict yet. */
export async function confirmsSpoiler(
  cli: Cli,
  { state, what, yes }: { state: LabSummary['state']; what: string; yes: boolean },
): Promise<boolean> {
  if (state === 'held' || yes || !cli.interactive) return true
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await prompt.question(
    `Your code has no HELD verdict yet. Show ${what} anyway? [y/N] `,
    { signal: cli.signal },
  )
  prompt.close()
  return /^y(es)?$/i.test(answer.trim())
}
