import { findCheck } from '#chaos/checks/index.ts'
import { judgeExpectations } from '#chaos/checks/lib/judge-expectations.ts'
import { tellStory } from '#chaos/checks/story/tell-story.ts'
import type { Evidence } from '#chaos/contracts/check.ts'
import type { Scenario } from '#chaos/contracts/scenario.ts'
import type { CheckResult, Story, Verdict } from '#chaos/contracts/verdict.ts'

import type { Journal } from '../journal.ts'

/** Judges every expectation of the scenario and publishes each check result. */
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

/** The verdict of a run that ended before its checks. */
export function inconclusiveVerdict(reason: string): Verdict {
  return { outcome: 'inconclusive', headline: reason, checks: [], reasons: [reason] }
}

/**
 * The first rule that applies:
 * 1. violated: a safety check has an offender, whatever else failed in the run;
 * 2. inconclusive: the run proves nothing (`doubts`), or a check could not judge;
 * 3. violated: another check is violated;
 * 4. held.
 */
export function createVerdict(
  checks: readonly CheckResult[],
  doubts: readonly string[],
  story?: Story,
): Verdict {
  const violated = checks.filter(({ outcome }) => outcome === 'violated')
  const proof = violated.find((check) => isProof(check))
  const unjudged = checks.filter(({ outcome }) => outcome === 'inconclusive')
  const reasons = [...doubts, ...unjudged.map(({ title, summary }) => `${title}: ${summary}`)]
  const worst = proof ?? violated[0]
  const withStory = story === undefined ? {} : { story }
  if (worst !== undefined && (proof !== undefined || reasons.length === 0))
    return { outcome: 'violated', headline: worst.summary, checks, reasons, ...withStory }
  const [reason] = reasons
  if (reason !== undefined)
    return { outcome: 'inconclusive', headline: reason, checks, reasons, ...withStory }
  const headline = checks.length === 1 ? 'The check held.' : `All ${checks.length} checks held.`
  return { outcome: 'held', headline, checks, reasons }
}

/** An offender of a safety check is proof even if the fault that should cause it never fired. */
function isProof({ name, offendersTotal }: CheckResult): boolean {
  return offendersTotal > 0 && findCheck(name)?.safety === true
}
