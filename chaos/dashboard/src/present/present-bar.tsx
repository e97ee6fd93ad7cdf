import { HaltButton } from '../parts/controls/halt-button.tsx'
import { markersMax } from './present-state.ts'
import type { Present } from './use-present.ts'

/** The same actions for a mouse. The bar appears while the pointer moves over the lower edge, and while it has the focus. */
export function PresentBar({
  present,
  onHelp,
}: {
  readonly present: Present
  readonly onHelp: () => void
}) {
  const { state, stage, nowMs, act } = present
  const isLive = state.atMs === null
  return (
    <nav class="present-bar" aria-label="Presenter">
      <button onClick={() => act({ type: 'previous' })}>◀ Previous</button>
      <button aria-pressed={!isLive} onClick={() => act({ type: 'freeze' })}>
        {isLive ? '❚❚ Freeze' : '▶ Live'}
      </button>
      <button onClick={() => act({ type: 'next' })}>Next ▶</button>
      <button
        disabled={state.markers.length >= markersMax}
        onClick={() => act({ type: 'mark', stage })}
      >
        ⚑ Discuss here
      </button>
      {state.markers.map(({ number, ms }) => (
        <button
          key={number}
          aria-pressed={state.atMs === ms}
          data-testid="marker"
          onClick={() => act({ type: 'marker', number })}
        >
          ⚑ {number}: {Math.round((nowMs - ms) / 1_000)} s ago
        </button>
      ))}
      <button
        aria-pressed={state.isHidden}
        onClick={() => act({ type: state.isHidden ? 'reveal' : 'hide' })}
      >
        {state.isHidden ? 'Reveal the faults' : 'Hide the faults'}
      </button>
      <span class="space" />
      <HaltButton />
      <button onClick={onHelp}>? Keys</button>
      <a class="button" href="#/sandbox">
        ✕ Leave
      </a>
    </nav>
  )
}
