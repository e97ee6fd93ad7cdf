import type { System } from '#chaos/contracts/system.ts'
import type { Topology } from '#chaos/contracts/topology.ts'

/** What can be seen of a user's system from outside. */
export interface ForeignParts {
  /** One lower-case word, as users know the system: the name of its Compose project or of its file. */
  readonly name: string
  /** Its services, stores and links, with ports and protocols. */
  readonly topology: Topology
  /** Where every service answers a health check with a 200. Absent: `/health/ready` and `/health/live`. */
  readonly healthPaths?: System['healthPaths']
  /** What a user has described. Absent: none. */
  readonly flows?: System['flows']
}

/**
 * A user's own system. Nothing is known about its requests, its data and what must hold: it has no operations, no sources of
 * truth, no checks and no seams. Faults, traps and taps work. Traffic, scenarios and labs say what is missing.
 */
export function systemOfParts(parts: ForeignParts): System {
  const { name, topology, healthPaths, flows = {} } = parts
  return {
    name,
    topology,
    adopted: true,
    ...(healthPaths === undefined ? {} : { healthPaths }),
    operations: [],
    checks: {},
    flows,
    page: { restore: 'Restore heals every fault and starts what is down. It keeps your data.' },
  }
}
