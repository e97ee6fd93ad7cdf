import type { AnyCheck } from '#chaos/contracts/check.ts'
import type { System } from '#chaos/contracts/system.ts'

/** The check with this name. Undefined if there is none. */
export function findCheck(checks: System['checks'], name: string): AnyCheck | undefined {
  return Object.hasOwn(checks, name) ? checks[name] : undefined
}
