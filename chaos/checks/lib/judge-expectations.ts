import type { CheckResult, Evidence } from '#chaos/contracts/check.ts'
import type { Expectation } from '#chaos/contracts/scenario.ts'
import type { System } from '#chaos/contracts/system.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import { inconclusiveResult } from './check-result.ts'
import { findCheck } from './find-check.ts'

/**
 * Judges everything that a scenario expects, in the order of the scenario. A check that throws is inconclusive, with its
 * error as the summary. Names and parameters were validated with the scenario.
 */
export function judgeExpectations(
  evidence: Evidence,
  expectations: readonly Expectation[],
  checks: System['checks'],
): readonly CheckResult[] {
  return expectations.map(({ check: name, params }) => {
    const check = findCheck(checks, name)
    if (check === undefined)
      return inconclusiveResult(
        name,
        name,
        `"${name}" is not a check. See docs/checks.md for all checks.`,
      )
    try {
      return check.judge(evidence, params)
    } catch (error) {
      return inconclusiveResult(name, name, `The check failed with an error: ${messageOf(error)}`)
    }
  })
}
