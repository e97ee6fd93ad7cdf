import type { AdoptionPlan, LeftAlone } from './plan/adoption-plan.ts'
import type { DirectConnections } from './plan/connections.ts'
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
  }[]
  readonly leftAlone: readonly LeftAlone[]
  /** Connections between services that pass no link. */
  readonly direct: readonly Pick<DirectConnections, 'caller' | 'callee' | 'port' | 'count'>[]
  /** Connections that were open and were cut on request. */
  readonly cut: number
  /** Instances that the engine starts again when they crash. */
  readonly restartPolicies: readonly { readonly instance: string; readonly policy: string }[]
}

export function reportAdoption(
  plan: AdoptionPlan,
  more: Pick<AdoptionReport, 'tookMs' | 'cut'> & { readonly direct: readonly DirectConnections[] },
): AdoptionReport {
  return {
    project: plan.project,
    ...more,
    links: plan.links.map(({ name, protocol, port }) => ({ name, protocol, port })),
    leftAlone: plan.leftAlone,
    direct: more.direct.map(({ caller, callee, port, count }) => ({ caller, callee, port, count })),
    restartPolicies: instancesOfPlan(plan).flatMap(({ name, container: { restartPolicy } }) =>
      restartPolicy === 'no' ? [] : [{ instance: name, policy: restartPolicy }],
    ),
  }
}
