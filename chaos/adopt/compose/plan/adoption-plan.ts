import type { LinkProtocol } from './known-protocol.ts'
import type { ObservedContainer } from './observed-container.ts'

/** What the links and networks of an adopted project are, before anything exists. */
export interface AdoptionPlan {
  /** Compose project. */
  readonly project: string
  readonly members: readonly Member[]
  readonly links: readonly PlannedLink[]
  readonly leftAlone: readonly LeftAlone[]
}

/** A service whose containers join networks of the links. */
export interface Member {
  readonly service: string
  readonly containers: readonly ObservedContainer[]
  /** One or more. The first one also leads from the links to the service. */
  readonly networks: readonly MemberNetwork[]
}

/** A network for the containers of one service and the links container. */
export interface MemberNetwork {
  readonly name: string
  /** Names that lead the service's containers to the links, and to no other container. */
  readonly names: readonly string[]
}

export interface PlannedLink {
  /** `web:db`; further ports of a callee: `web:db.9187`. */
  readonly name: string
  /** A service, or `client`. */
  readonly caller: string
  /** A service. */
  readonly callee: string
  readonly port: number
  readonly protocol: LinkProtocol
  /** The caller's environment says that it requires TLS. */
  readonly requiresTls: boolean
  /** The network on which the caller reaches it; absent for links of `client`. */
  readonly network?: string
}

/** A service, a name, a port or a network that has no link. */
export interface LeftAlone {
  readonly what: string
  readonly why: string
}

/** The name by which the links container finds all containers of a service on the service's first network. */
export function realNameOf(service: string): string {
  return `unhappy-real-${service.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-')}`
}

/** The links container of a project. Names of callees resolve to the container that has this name. */
export function linksContainerOf(project: string): string {
  return `unhappy-${project}-links`
}

/** The name of the links container while names of callees resolve to the real services. */
export function hiddenLinksOf(project: string): string {
  return `${linksContainerOf(project)}-hidden`
}

/** The network of the links container alone, with its published ports. */
export function doorNetworkOf(project: string): string {
  return `unhappy_${project}`
}
