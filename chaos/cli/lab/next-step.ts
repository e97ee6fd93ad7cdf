import type { LabSummary } from '#chaos/contracts/api.ts'

/** The next command: for the first lab in teaching order that does not hold, or an X-ray if all labs hold. */
export function nextStep(labs: readonly Pick<LabSummary, 'id' | 'state'>[]): string {
  const next = labs.find(({ state }) => state !== 'held')
  if (next === undefined) return 'All labs hold. Next: unhappy xray place-order'
  return `Next: unhappy lab ${next.state === 'new' ? 'start' : 'check'} ${next.id}`
}

/** The labs with a question about unfamiliar code that can be answered now, the oldest question first. */
export function dueQuestions<Lab extends Pick<LabSummary, 'transfer'>>(
  labs: readonly Lab[],
): readonly Lab[] {
  const since = ({ transfer }: Lab): string => transfer.dueAt ?? ''
  return labs
    .filter(({ transfer }) => transfer.state === 'due')
    .toSorted((a, b) => (since(a) < since(b) ? -1 : 1))
}

/** What to read when a lab holds: it gives the solution away, so it is offered only now. */
export function stepAfterHeld(lab: string): string {
  return [
    `Next: unhappy lab after ${lab}   (fixes that look right and fail, and what a right one costs)`,
    `Then: unhappy lab transfer ${lab}   (the same failure mode in other code)`,
  ].join('\n')
}
