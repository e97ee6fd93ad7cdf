import { judgeExpectations } from '#chaos/checks/lib/judge-expectations.ts'
import { tellStory } from '#chaos/checks/story/tell-story.ts'
import type { Evidence, Verdict } from '#chaos/contracts/check.ts'
import type { Scenario } from '#chaos/contracts/scenario.ts'

import type { Journal } from '../journal.ts'
import { createVerdict } from './verdict.ts'

/** Judges everything that the scenario expects, and tells each result. */
export function judgeRun(
  evidence: Evidence,
  scenario: Pick<Scenario, 'expect'>,
  doubts: readonly string[],
  journal: Journal,
): Verdict {
  const checks = judgeExpectations(evidence, scenario.expect)
  for (const check of checks) journal.publish({ type: 'check', check })
  return createVerdict(checks, doubts, tellStory(evidence, checks))
}

/** A run that ended before there was anything to judge. */
export function inconclusiveVerdict(reason: string): Verdict {
  return { outcome: 'inconclusive', headline: reason, checks: [], reasons: [reason] }
}
