import '../health/health.css'
import { isAdopted, usePageState } from '../data/page-state.ts'
import { usePageFacts } from '../health/use-page-facts.ts'
import { HaltButton } from './controls/halt-button.tsx'
import { showKeyHelp } from './key-help.tsx'
import { ThemeButton } from './theme-button.tsx'

const pages = [
  ['sandbox', 'Sandbox'],
  ['labs', 'Labs'],
  ['xray', 'X-ray'],
  ['runs', 'Runs'],
] as const
const adoptedPages: readonly string[] = ['sandbox', 'xray']

/** The bar above every page: pages, state of the sandbox, theme, keyboard shortcuts, halt. */
export function PageHeader({ page }: { readonly page: string }) {
  const adopted = usePageState(isAdopted)
  const shown = pages.filter(([name]) => !adopted || adoptedPages.includes(name))
  return (
    <header class="top">
      <div class="brand">
        <Logo />
        Unhappy Path
      </div>
      <nav aria-label="Pages">
        {shown.map(([name, title]) => (
          <a key={name} href={`#/${name}`} aria-current={page === name ? 'page' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <span class="space" />
      <SandboxState />
      <a
        class="button quiet"
        href="#/present"
        title="Presenter view (p)"
        aria-label="Presenter view"
      >
        ▣
      </a>
      <ThemeButton />
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

/** The state of the sandbox, and beside it what its customers experience: two things. */
function SandboxState() {
  const text = usePageFacts(({ pill }) => pill.text)
  const look = usePageFacts(({ pill }) => pill.look)
  const impact = usePageState((state) => state.impact)
  return (
    <>
      {impact.health !== 'unknown' && (
        <span class={`impact ${impact.health}`} title="What customers experienced in the last 5 s">
          {impact.health === 'outage' ? '✕ ' : ''}
          {impact.text}
        </span>
      )}
      <span class={`pill ${look}`}>{text}</span>
    </>
  )
}
