import type { FiguresEvent } from '#chaos/contracts/events.ts'

/** What a page that watches the sandbox needs, and what costs time to measure. Empty while no page watches. */
export interface Observed {
  instances?: NonNullable<FiguresEvent['instances']>
}
