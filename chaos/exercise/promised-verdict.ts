import type { RunView } from '#chaos/contracts/api.ts'
import type { VerdictOutcome } from '#chaos/contracts/check.ts'
import type { Lab } from '#chaos/contracts/lab.ts'

import { versionsOf } from './version.ts'
import type { Version } from './version.ts'

/** The verdict that a lab promises for one of its versions. */
export interface PromisedVerdict {
  readonly outcome: VerdictOutcome
  /** The check that must be violated. */
  readonly fails?: string
}

/** The versions with a promised verdict: all except the learner's. */
export function promisedVersions(lab: Lab): readonly Version[] {
  return versionsOf(lab).filter((version) => version !== 'mine')
}

export function promisedVerdictOf(lab: Lab, version: Version): PromisedVerdict {
  if (version === 'start') return { outcome: 'violated', fails: lab.fails }
  const nearMiss = lab.nearMisses.find(({ name }) => version === `near-misses/${name}`)
  if (nearMiss !== undefined) return { outcome: 'violated', fails: nearMiss.fails }
  return { outcome: 'held' }
}

/** How the run differs from the promised verdict; undefined when it does not. */
export function brokenPromise(promised: PromisedVerdict, run: RunView): string | undefined {
  if (run.outcome === null)
    return `no verdict (${run.state}): ${run.error?.error ?? 'unknown reason'}`
  if (run.outcome !== promised.outcome)
    return `${run.outcome}, should be ${promised.outcome}: ${run.headline ?? ''}`
  if (promised.fails === undefined) return undefined
  const violated = run.checks.filter(({ outcome }) => outcome === 'violated')
  if (violated.some(({ name }) => name === promised.fails)) return undefined
  return `violated ${violated.map(({ name }) => name).join(', ')}, should be ${promised.fails}`
}

export function promisedVerdictText({ outcome, fails }: PromisedVerdict): string {
  return fails === undefined ? outcome : `${outcome} (${fails})`
}
