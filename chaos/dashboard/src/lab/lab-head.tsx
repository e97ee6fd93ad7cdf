import type { LabView } from '../../../contracts/api.ts'
import { showKeyHelp } from '../parts/key-help.tsx'

const stateTexts: Readonly<Record<LabView['state'], string>> = {
  new: 'not started',
  started: 'started',
  violated: '✕ violated',
  held: '✓ held',
}

/** What the lab is about, and where the learner is. */
export function LabHead({ lab }: { readonly lab: LabView }) {
  return (
    <header class="lab-head">
      <h1>{lab.title}</h1>
      <p class="small muted">
        <a href="#/labs">Lab {lab.position} of the path</a>, {lab.minutes} minutes,{' '}
        <span class={`outcome ${lab.state}`} data-testid="lab-state">
          {stateTexts[lab.state]}
        </span>
      </p>
      <button
        class="quiet small"
        onClick={() => window.dispatchEvent(new Event(showKeyHelp))}
        title="Keyboard shortcuts of this page"
      >
        <kbd aria-hidden="true">?</kbd> Keys
      </button>
    </header>
  )
}
