import type { LabSummary } from '#chaos/contracts/api.ts'

/** What to type next: the first lab, in teaching order, that does not hold yet; after the last one, an X-ray. */
export function nextStep(labs: readonly Pick<LabSummary, 'id' | 'state'>[]): string {
  const next = labs.find(({ state }) => state !== 'held')
  if (next === undefined) return 'All of them hold. Next: unhappy xray place-order'
  return `Next: unhappy lab ${next.state === 'new' ? 'start' : 'check'} ${next.id}`
}
