import type { LabSummary } from '#chaos/contracts/api.ts'

/** The next command: for the first lab in teaching order that does not hold, or an X-ray if all labs hold. */
export function nextStep(labs: readonly Pick<LabSummary, 'id' | 'state'>[]): string {
  const next = labs.find(({ state }) => state !== 'held')
  if (next === undefined) return 'All labs hold. Next: unhappy xray place-order'
  return `Next: unhappy lab ${next.state === 'new' ? 'start' : 'check'} ${next.id}`
}

/** What to read when a lab holds: it gives the solution away, so it is offered only now. */
export function stepAfterHeld(lab: string): string {
  return `Next: unhappy lab after ${lab}   (fixes that look right and fail, and what a right one costs)`
}
