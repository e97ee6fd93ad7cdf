import type { CheckResult, Evidence } from '#chaos/contracts/check.ts'
import type { Expectation } from '#chaos/contracts/scenario.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import { findCheck } from '../index.ts'
import { inconclusiveResult } from './check-result.ts'

/**
 * Judges everything that a scenario expects, in its order. A check that breaks is inconclusive with its error, because
 * nothing is known then. Names and parameters were validated with the scenario.
 */
export function judgeExpectations(
  evidence: Evidence,
  expectations: readonly Expectation[],
): readonly CheckResult[] {
  return expectations.map(({ check: name, params }) => {
    const check = findCheck(name)
    if (check === undefined) return inconclusiveResult(name, name, `There is no check "${name}".`)
    try {
      return check.judge(evidence, params)
    } catch (error) {
      return inconclusiveResult(name, name, `The check could not judge: ${messageOf(error)}`)
    }
  })
}
