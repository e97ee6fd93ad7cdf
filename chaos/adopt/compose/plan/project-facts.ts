import type { LinkProtocol } from './known-protocol.ts'
import type { ObservedContainer } from './observed-container.ts'

/** What is known of a running project. */
export interface ProjectFacts {
  readonly project: string
  readonly containers: readonly ObservedContainer[]
  /** Services that `docker compose config` names for the chosen profiles. */
  readonly services: readonly string[]
  /** Names of networks that the project uses and does not own. */
  readonly externalNetworks: readonly string[]
  /** TCP ports of each service on which a process listens, beyond its loopback device. */
  readonly listening: ReadonlyMap<string, readonly number[]>
  protocolOf(service: string, port: number): LinkProtocol
}

/** A service that others call. */
export interface Callee {
  readonly service: string
  readonly ports: readonly number[]
  readonly containers: readonly ObservedContainer[]
}
