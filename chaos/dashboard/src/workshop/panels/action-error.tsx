import type { Action } from '../../hooks/use-action.ts'

/** Why the last action failed, and what to do. */
export function ActionError({ action: { error } }: { readonly action: Action }) {
  return error === null ? null : (
    <p class="error" role="alert">
      ✕ {error}
    </p>
  )
}
