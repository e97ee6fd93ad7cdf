import type { Assessment, Evidence, RunFacts } from '#chaos/contracts/check.ts'
import type { System } from '#chaos/contracts/system.ts'

const nothingKnown: Assessment = {
  isOwedRefusal: () => false,
  isTrueRefusal: () => false,
  unsettled: [],
}

/** The facts of a run, with what its system knows about them. */
export function completeEvidence(system: System, facts: RunFacts): Evidence {
  return { ...facts, ...(system.assess?.(facts) ?? nothingKnown) }
}
