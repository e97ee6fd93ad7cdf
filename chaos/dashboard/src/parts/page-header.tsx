import { formatCount } from '../../../checks/lib/format.ts'
import { usePageState } from '../data/page-state.ts'
import { HaltButton } from './halt-button.tsx'
import { showKeyHelp } from './key-help.tsx'
import { toggleTheme } from './theme.ts'

const pages = [
  ['sandbox', 'Sandbox'],
  ['labs', 'Labs'],
  ['xray', 'X-ray'],
  ['runs', 'Runs'],
] as const

/** The bar above every page: pages, state of the sandbox, theme, keyboard shortcuts, halt. */
export function PageHeader({ page }: { readonly page: string }) {
  return (
    <header class="top">
      <div class="brand">
        <Logo />
        Unhappy Path
      </div>
      <nav aria-label="Pages">
        {pages.map(([name, title]) => (
          <a key={name} href={`#/${name}`} aria-current={page === name ? 'page' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <span class="space" />
      <SandboxState />
      <a
        class="button quiet present"
        href="#/present"
        title="Presenter view (p)"
        aria-label="Presenter view"
      >
        ▣
      </a>
      <button
        class="quiet"
        title="Light or dark theme (t)"
        aria-label="Switch between the light and the dark theme"
        onClick={toggleTheme}
      >
        ◐
      </button>
      <button
        class="quiet keys"
        title="Keyboard shortcuts (?)"
        aria-label="Keyboard shortcuts"
        onClick={() => window.dispatchEvent(new Event(showKeyHelp))}
      >
        ?
      </button>
      <HaltButton />
    </header>
  )
}

/** A line that starts straight and then breaks. */
function Logo() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <path d="M2 17h8" fill="none" stroke="var(--good)" stroke-width="3" stroke-linecap="round" />
      <path
        d="M10 17l4-9 5 17 3-8h8"
        fill="none"
        stroke="var(--fail)"
        stroke-width="3"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  )
}

function SandboxState() {
  const connection = usePageState((state) => state.connection)
  const sessionEnded = usePageState((state) => state.sessionEnded)
  const sandbox = usePageState((state) => state.sandbox)
  const phase = usePageState((state) => state.phase)
  if (connection === 'lost' && sessionEnded) return <span class="pill bad">no session</span>
  if (connection === 'lost') return <span class="pill bad">no controller</span>
  if (sandbox === null) return <span class="pill">connecting</span>
  if (sandbox.halted) return <span class="pill bad">halted</span>
  if (sandbox.run !== null)
    return <span class="pill fault">run: {phase?.phase.replace('-', ' ') ?? 'starts'}</span>
  if (sandbox.faults.length > 0)
    return <span class="pill fault">{formatCount(sandbox.faults.length, 'fault')} active</span>
  return sandbox.ready ? <span class="pill good">ready</span> : <span class="pill">not ready</span>
}
