import type { FaultContext, FaultRequest, InjectedFault, Support } from '#chaos/contracts/fault.ts'
import type { PacketFilter, Runtime } from '#chaos/contracts/runtime.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import { injectAll } from './inject-all.ts'
import { addToxics, haveToxic, removeToxics, toxicsOf } from './toxics.ts'
import type { ToxicPlan } from './toxics.ts'

export interface PacketPlan {
  /** With real packets, between the two ends of a link. */
  readonly rule: (
    filter: PacketFilter,
    ends: { readonly caller: string; readonly callee: string },
  ) => Promise<AsyncDisposable>
  /** What the link does where packets cannot be dropped. */
  readonly fallback: ToxicPlan
}

/** Drops real packets where the runtime has a packet filter; elsewhere a toxic imitates it. The mechanism says which. */
export async function injectPackets(
  request: FaultRequest<object>,
  context: Pick<FaultContext, 'links' | 'runtime' | 'signal'>,
  plan: PacketPlan,
): Promise<InjectedFault> {
  const fallback = toxicsOf(request, plan.fallback)
  const rules = new Map<string, AsyncDisposable>()
  const mechanisms = new Set<string>()
  const toxics: string[] = []
  return await injectAll({
    mechanism: 'packets',
    describe: () => ({ mechanism: [...mechanisms].join('; ') }),
    toxics,
    targets: request.targets,
    signal: context.signal,
    apply: async (link) => {
      const refusal = await tryPackets(link, context.runtime.packetFilter, plan, rules)
      mechanisms.add(refusal === null ? 'packets' : `link (${refusal})`)
      if (refusal === null) return
      if (toxics.length === 0) toxics.push(...fallback.map(({ name }) => name))
      await addToxics(context.links, link, fallback)
    },
    heal: async (link) => {
      const rule = rules.get(link)
      if (rule === undefined) await removeToxics(context.links, link, fallback)
      else await rule[Symbol.asyncDispose]()
    },
    // Packet rules are not in the data plane.
    remainsOn: (links) => rules.size > 0 || haveToxic(links, fallback),
  })
}

export function packetSupport(runtime: Runtime): Support {
  return {
    available: true,
    how: runtime.packetFilter === undefined ? 'link (no packet filter here)' : 'packets',
  }
}

/** Null when it worked, else the reason why not. */
async function tryPackets(
  link: string,
  filter: PacketFilter | undefined,
  plan: PacketPlan,
  rules: Map<string, AsyncDisposable>,
): Promise<string | null> {
  if (filter === undefined) return 'no packet filter here'
  const [caller = '', callee = ''] = link.split(':')
  if (caller === 'client') return 'the client has no network namespace'
  try {
    rules.set(link, await plan.rule(filter, { caller, callee }))
    return null
  } catch (error) {
    return `the packet filter failed: ${messageOf(error)}`
  }
}
