import type { TargetKind } from '#chaos/contracts/fault.ts'
import { withAllProfiles } from '#chaos/contracts/topology.ts'
import { resolveTargets } from '#chaos/engine/targets.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { system } from '#chaos/system.ts'

/**
 * Checks a target before anything is sent to the sandbox. Explains arrows (`api-1->postgres`), of which a shell may have
 * taken the `>`. Throws {@link InputError}.
 */
export function checkTarget(target: string, kind: TargetKind, names: 'shop' | 'adopted'): string {
  const arrow = /^(.+?)\s*(?:->|→|=>)\s*(.+)$/.exec(target)
  if (arrow !== null) {
    const right = `${arrow[1]}:${arrow[2]}`
    throw new InputError(`"${target}" is not a link. Links are written caller:callee.`, {
      remedy: `Write ${/[*?[{]/.test(right) ? `'${right}'` : right}`,
    })
  }
  if (target.endsWith('-'))
    throw new InputError(`"${target}" is not ${kind === 'instance' ? 'an' : 'a'} ${kind}.`, {
      remedy: `If you typed ${target}>something, your shell redirected the output to a file named something. Write links with a colon: ${target.slice(0, -1)}:postgres`,
    })
  // The names of an adopted system are known only to its controller. It also knows which profiles are on.
  if (names === 'shop') resolveTargets(withAllProfiles(system.topology), kind, target)
  return target
}
