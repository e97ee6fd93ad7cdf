import type { CatalogueView } from '#chaos/contracts/api.ts'
import type { Runtime } from '#chaos/contracts/runtime.ts'
import type { System } from '#chaos/contracts/system.ts'
import { faults } from '#chaos/faults/index.ts'
import type { AnyFault } from '#chaos/faults/index.ts'

/** All faults and checks. Each fault says how this runtime injects it, or why it cannot. */
export function catalogueOf(runtime: Runtime, { checks }: System): CatalogueView {
  return {
    faults: (Object.values(faults) as readonly AnyFault[]).map((fault) => {
      const { kind, description, target, stores, params } = fault
      const { how: here, available } = fault.support?.(runtime) ?? { available: true, how: '' }
      return { kind, description, target, ...(stores && { stores }), params, here, available }
    }),
    checks: Object.values(checks).map(({ name, description, params }) => ({
      name,
      description,
      params,
    })),
  }
}
