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
  /** Pairs of a caller and a callee that have an open connection, as `web db`. */
  readonly connected: ReadonlySet<string>
  /** The text of small files that are mounted into the containers of a service. Reads them, so it is asked only when it matters. */
  mountedText(service: string): string
  protocolOf(service: string, port: number): LinkProtocol
}

/** A service that others call. */
export interface Callee {
  readonly service: string
  readonly ports: readonly number[]
  readonly containers: readonly ObservedContainer[]
}
