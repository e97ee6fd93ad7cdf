import type { Evidence } from '#chaos/contracts/check.ts'

/** Converts the timestamps of stores and journal to the time of the story. */
export interface StoryTime {
  /** Milliseconds since the workload began. */
  msOf(iso: string): number
}

export function createStoryTime({ workloadStartedAt }: Evidence): StoryTime {
  const startedMs = Date.parse(workloadStartedAt)
  return { msOf: (iso) => Date.parse(iso) - startedMs }
}
