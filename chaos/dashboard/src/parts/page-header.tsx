import { useState } from 'preact/hooks'

import { api } from '../data/api.ts'
import { usePageState } from '../data/page-state.ts'
import { showKeyHelp } from './key-help.tsx'
import { toggleTheme } from './theme.ts'

const pages = [
  ['sandbox', 'Sandbox'],
  ['labs', 'Labs'],
  ['xray', 'X-ray'],
  ['runs', 'Runs'],
] as const

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
      <StatePill />
      <button
        class="quiet"
        title="Light or dark (t)"
        aria-label="Switch between light and dark"
        onClick={toggleTheme}
      >
        ◐
      </button>
      <button
        class="quiet keys"
        title="Keys (?)"
        aria-label="List of keys"
        onClick={() => window.dispatchEvent(new Event(showKeyHelp))}
      >
        ?
      </button>
      <HaltButton />
    </header>
  )
}

/** A heartbeat that leaves the happy path. */
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

function StatePill() {
  const connection = usePageState((state) => state.connection)
  const sandbox = usePageState((state) => state.sandbox)
  const phase = usePageState((state) => state.phase)
  if (connection === 'lost') return <span class="pill bad">no controller</span>
  if (sandbox === null) return <span class="pill">connecting</span>
  if (sandbox.halted) return <span class="pill bad">halted</span>
  if (sandbox.run !== null)
    return <span class="pill fault">run: {phase?.phase.replace('-', ' ') ?? 'going on'}</span>
  if (sandbox.faults.length > 0)
    return (
      <span class="pill fault">
        {sandbox.faults.length === 1 ? '1 fault' : `${sandbox.faults.length} faults`} active
      </span>
    )
  return sandbox.ready ? <span class="pill good">ready</span> : <span class="pill">not ready</span>
}

function HaltButton() {
  const halted = usePageState((state) => state.sandbox?.halted ?? false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState('')
  const act = async (): Promise<void> => {
    setBusy(true)
    setError('')
    try {
      if (halted) await api.lift()
      else {
        const report = await api.halt()
        if (report.couldNotUndo.length > 0)
          setError(`Could not undo: ${report.couldNotUndo.map((item) => item.what).join(', ')}`)
      }
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      {error !== '' && (
        <span class="error small" role="alert">
          {error}
        </span>
      )}
      <button
        class={halted ? 'halt lift' : 'halt'}
        disabled={busy}
        title="Undo every fault now (h)"
        data-key="halt"
        onClick={() => void act()}
      >
        {halted ? 'Lift halt' : 'Halt'}
      </button>
    </>
  )
}
