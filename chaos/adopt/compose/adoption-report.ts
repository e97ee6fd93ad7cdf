import type { DirectConnections } from '#chaos/contracts/runtime.ts'

import type { AdoptionPlan, LeftAlone } from './plan/adoption-plan.ts'
import { countDirect } from './plan/connections.ts'
import type { DirectSocket } from './plan/connections.ts'
import type { LinkProtocol } from './plan/known-protocol.ts'
import { instancesOfPlan } from './plan/plan-adoption.ts'

/** What an adoption did, for users. */
export interface AdoptionReport {
  readonly project: string
  readonly tookMs: number
  readonly links: readonly {
    readonly name: string
    readonly protocol: LinkProtocol
    readonly port: number
    /** TLS was seen, or the caller's environment says that it requires TLS: its bytes pass unread. */
    readonly tls?: 'bytes'
  }[]
  readonly leftAlone: readonly LeftAlone[]
  /** Connections that pass no link. */
  readonly direct: readonly DirectConnections[]
  /** Connections that were open and were cut on request. */
  readonly cut: number
  /** Containers with connections that this kernel cannot cut, although the user asked for it. */
  readonly uncut: readonly Uncut[]
  /** Instances that the engine starts again when they crash. */
  readonly restartPolicies: readonly { readonly instance: string; readonly policy: string }[]
}

/** A container that must be restarted, or must connect again by itself, before its connections pass the links. */
export interface Uncut {
  readonly container: string
  readonly service: string
  readonly count: number
}

export function reportAdoption(
  plan: AdoptionPlan,
  more: Pick<AdoptionReport, 'tookMs' | 'cut'> & {
    /** Connections that are open now and pass no link. */
    readonly open: readonly DirectSocket[]
    /** Keys of the connections that were open when the links came. */
    readonly before: ReadonlySet<string>
    readonly uncut: readonly DirectSocket[]
    /** Names of links on which TLS was seen. */
    readonly withTls: ReadonlySet<string>
  },
): AdoptionReport {
  return {
    project: plan.project,
    tookMs: more.tookMs,
    cut: more.cut,
    links: plan.links.map(({ name, protocol, port, requiresTls }) => ({
      name,
      protocol,
      port,
      ...(requiresTls || more.withTls.has(name) ? { tls: 'bytes' as const } : {}),
    })),
    leftAlone: plan.leftAlone,
    direct: countDirect(more.open, more.before),
    uncut: [...Map.groupBy(more.uncut, ({ container }) => container)].flatMap(
      ([container, sockets]): readonly Uncut[] =>
        container === undefined
          ? []
          : [{ container, service: sockets[0]?.caller ?? '', count: sockets.length }],
    ),
    restartPolicies: instancesOfPlan(plan).flatMap(({ name, container: { restartPolicy } }) =>
      restartPolicy === 'no' ? [] : [{ instance: name, policy: restartPolicy }],
    ),
  }
}
