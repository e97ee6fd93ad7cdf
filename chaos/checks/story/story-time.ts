import type { Evidence } from '#chaos/contracts/check.ts'

/** Puts the stores' and the journal's timestamps on the workload's own time. */
export interface StoryTime {
  /** Milliseconds since the workload began. */
  msOf(iso: string): number
}

export function createStoryTime({ workloadStartedAt }: Evidence): StoryTime {
  const startedMs = Date.parse(workloadStartedAt)
  return { msOf: (iso) => Date.parse(iso) - startedMs }
}
