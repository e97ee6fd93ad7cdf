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
  contract: readonly CheckResult[],
): Verdict {
  const checks = judgeExpectations(evidence, scenario.expect)
  for (const check of checks) journal.publish({ type: 'check', check })
  return createVerdict([...checks, ...contract], doubts, tellStory(evidence, checks))
}

/** The verdict of a run that ended before its checks: inconclusive, unless the code has broken its contract. */
export function verdictWithoutChecks(reason: string, contract: readonly CheckResult[]): Verdict {
  return createVerdict(contract, [reason])
}

/**
 * The first rule that applies:
 * 1. violated: a safety check has an offender, or a contract probe has one, whatever else failed in the run;
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
  const safety = violated.find((check) => isSafety(check))
  const proof = safety ?? violated.find(({ name }) => name === 'contract')
  // What a contract probe cannot tell, the scenario decides.
  const unjudged = checks.filter(
    ({ name, outcome }) => outcome === 'inconclusive' && name !== 'contract',
  )
  const reasons = [...doubts, ...unjudged.map(({ title, summary }) => `${title}: ${summary}`)]
  const worst = reasons.length === 0 ? (safety ?? violated[0]) : proof
  const withStory = story === undefined ? {} : { story }
  if (worst !== undefined)
    return { outcome: 'violated', headline: worst.summary, checks, reasons, ...withStory }
  const [reason] = reasons
  if (reason !== undefined)
    return { outcome: 'inconclusive', headline: reason, checks, reasons, ...withStory }
  const count = checks.filter(({ outcome }) => outcome === 'held').length
  const headline = count === 1 ? 'The check held.' : `All ${count} checks held.`
  return { outcome: 'held', headline, checks, reasons }
}

/** An offender of a safety check is proof even if the fault that should cause it never fired. */
function isSafety({ name, offendersTotal }: CheckResult): boolean {
  return offendersTotal > 0 && findCheck(name)?.safety === true
}
