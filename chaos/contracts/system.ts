import type { Flow, SystemXray } from './flow.ts'
import type { Topology } from './topology.ts'

/**
 * What a sandbox runs, and everything that chaos/ knows about it. A system is a value: the parts of chaos/ receive it, and none
 * of them knows a name that is in it.
 */
export interface System {
  /** One lower-case word: `shop`. */
  readonly name: string
  readonly topology: Topology

  // What an X-ray runs.

  /** By name: `place-order`. The first one is the default, and new processes handle it once before they count. */
  readonly flows: Readonly<Record<string, Flow>>
  /** Absent: every part has its default. */
  readonly xray?: SystemXray
}
