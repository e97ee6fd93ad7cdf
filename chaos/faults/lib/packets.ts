import type { FaultContext, FaultRequest, InjectedFault } from '#chaos/contracts/fault.ts'
import type { Support } from '#chaos/contracts/fault.ts'
import type { PacketFilter, Runtime } from '#chaos/contracts/runtime.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import { injectAll } from './inject-all.ts'
import { addToxics, removeToxics, streamsOf, toxicName } from './toxics.ts'
import type { ToxicPlan } from './toxics.ts'

export interface PacketPlan {
  /** With real packets, between the two ends of a link. */
  readonly rule: (
    filter: PacketFilter,
    ends: { readonly caller: string; readonly callee: string },
  ) => Promise<AsyncDisposable>
  /** What the link does where there are none. */
  readonly fallback: ToxicPlan
}

/** Real packets where the runtime can drop them, the link where not; the mechanism says which. */
export async function injectPackets(
  order: FaultRequest<unknown>,
  context: Pick<FaultContext, 'links' | 'runtime' | 'signal'>,
  plan: PacketPlan,
): Promise<InjectedFault> {
  const rules = new Map<string, AsyncDisposable>()
  const mechanisms = new Set<string>()
  const toxics: string[] = []
  return await injectAll({
    mechanism: 'packets',
    describe: () => ({ mechanism: [...mechanisms].join('; ') }),
    toxics,
    targets: order.targets,
    signal: context.signal,
    apply: async (link) => {
      const refusal = await tryPackets(link, context.runtime.packetFilter, plan, rules)
      mechanisms.add(refusal === null ? 'packets' : `link (${refusal})`)
      if (refusal === null) return
      for (const stream of streamsOf(plan.fallback.direction)) {
        const name = toxicName(order.id, stream)
        if (!toxics.includes(name)) toxics.push(name)
      }
      await addToxics(context.links, link, order, plan.fallback)
    },
    undo: async (link) => {
      const rule = rules.get(link)
      if (rule === undefined)
        await removeToxics(context.links, link, order.id, plan.fallback.direction)
      else await rule[Symbol.asyncDispose]()
    },
  })
}

export function packetSupport(runtime: Runtime): Support {
  return {
    available: true,
    how: runtime.packetFilter === undefined ? 'link (no packet filter here)' : 'packets',
  }
}

/** Null when it worked, else why not. */
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
