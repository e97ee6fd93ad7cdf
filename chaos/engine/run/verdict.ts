import { findCheck } from '#chaos/checks/index.ts'
import type { CheckResult, Story, Verdict } from '#chaos/contracts/check.ts'

/**
 * Violated, when something that must never happen has happened, whatever else went wrong in the run; inconclusive, when the
 * run proves nothing or a check could not judge; violated, when a check says so; else held.
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
  const [worst] = proof === undefined ? violated : [proof]
  const told = story === undefined ? {} : { story }
  if (worst !== undefined && (proof !== undefined || reasons.length === 0))
    return { outcome: 'violated', headline: worst.summary, checks, reasons, ...told }
  const [reason] = reasons
  if (reason !== undefined)
    return { outcome: 'inconclusive', headline: reason, checks, reasons, ...told }
  return { outcome: 'held', headline: heldWords(checks.length), checks, reasons }
}

/** An order that was charged twice was charged twice, also if the fault that was to cause it never fired. */
function isProof({ name, offendersTotal }: CheckResult): boolean {
  return offendersTotal > 0 && findCheck(name)?.safety === true
}

function heldWords(count: number): string {
  return count === 1 ? 'What was expected held.' : `All ${count} checks held.`
}
