import type { TargetKind } from '#chaos/contracts/fault.ts'
import { resolveTargets } from '#chaos/engine/targets.ts'
import { InputError } from '#chaos/lib/errors.ts'

/**
 * Catches the ways in which a target goes wrong on a command line before anything is asked of the sandbox. Throws
 * {@link InputError}.
 */
export function checkTarget(target: string, kind: TargetKind): string {
  const arrow = /^(.+?)\s*(?:->|→|=>)\s*(.+)$/.exec(target)
  if (arrow !== null) {
    const right = `${arrow[1]}:${arrow[2]}`
    throw new InputError(`"${target}" is no link: links are written caller:callee.`, {
      remedy: `Write ${/[*?[{]/.test(right) ? `'${right}'` : right}`,
    })
  }
  if (target.endsWith('-'))
    throw new InputError(`"${target}" is no ${kind}.`, {
      remedy: `If you wrote ${target}>something, your shell took the > for itself and made a file of that name. Links are written with a colon: ${target.slice(0, -1)}:postgres`,
    })
  resolveTargets(kind, target)
  return target
}
