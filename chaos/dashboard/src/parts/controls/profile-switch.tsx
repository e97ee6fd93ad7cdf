import { api } from '../../data/api.ts'
import { usePageState } from '../../data/page-state.ts'
import { usePageFacts } from '../../health/use-page-facts.ts'
import { useAction } from '../../hooks/use-action.ts'
import { useLoaded } from '../../hooks/use-loaded.ts'

/** Switches the parts of the system that run only when asked. A system without such parts has no switch. */
export function ProfileSwitch() {
  // A scenario or a fault can start a profile, too: then the system has other links.
  const parts = usePageState(({ sandbox }) => sandbox?.system.links.length ?? 0)
  const running = usePageState((state) => (state.sandbox?.run ?? null) !== null)
  const blocked = usePageFacts((facts) => facts.blocked)
  const { value: profiles, reload } = useLoaded(api.profiles, `${parts}`)
  const { busy, error, run } = useAction()
  if (profiles === null || profiles.length === 0) return null
  return (
    <div class="row small profiles" role="group" aria-label="Optional parts">
      <span class="muted">Optional parts</span>
      {profiles.map(({ name, description, on, holders }) => {
        const held = holders.filter((holder) => holder !== 'user')
        const reason = blocked ?? (running ? 'A run decides about its parts itself' : null)
        return (
          <label class="check" key={name} title={reason ?? description}>
            <input
              type="checkbox"
              role="switch"
              checked={on}
              disabled={busy || reason !== null || (on && held.length > 0)}
              onChange={() =>
                run(async () => {
                  await (on ? api.stopProfile(name) : api.startProfile(name))
                  reload()
                })
              }
            />{' '}
            {name}
            {held.length > 0 && <span class="muted"> (needed by {held.join(', ')})</span>}
          </label>
        )
      })}
      {busy && <span class="muted">one moment …</span>}
      {error !== null && (
        <span class="error" role="alert">
          {error}
        </span>
      )}
    </div>
  )
}
