import type { RunSummary } from '../../../contracts/api.ts'

export interface RunPair {
  readonly violated: RunSummary
  readonly held: RunSummary
}

/** `runs`: the newest first. Runs of other versions are not the learner's. */
export function pairOf(runs: readonly RunSummary[]): RunPair | null {
  const own = runs.filter(({ version }) => version === undefined || version === 'mine')
  const at = own.findLastIndex(({ outcome }) => outcome === 'held')
  const held = own[at]
  const violated = own.slice(at + 1).find(({ outcome }) => outcome === 'violated')
  return held === undefined || violated === undefined ? null : { held, violated }
}
