import type { SystemPage } from './system-page.ts'
import type { Topology } from './topology.ts'

/**
 * What a sandbox runs, and everything that chaos/ knows about it. A system is a value: the parts of chaos/ receive it, and none
 * of them knows a name that is in it.
 */
export interface System {
  /** One lower-case word: `shop`. */
  readonly name: string
  readonly topology: Topology

  /** What the dashboard shows about it beyond the topology. */
  readonly page?: SystemPage
}
