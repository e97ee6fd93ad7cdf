import { useAction } from '../../hooks/use-action.ts'
import type { HostApi } from '../host-api.ts'
import { ActionError } from './action-error.tsx'
import { saveExport } from './save-export.ts'

const files = [
  ['workshop.csv', 'CSV'],
  ['workshop.json', 'JSON'],
  ['workshop.md', 'Markdown'],
  ['workshop.html', 'HTML page'],
] as const

/** Predictions, outcomes, times, verdicts, hints and seeds of all learners as a file. */
export function ExportPanel({ api }: { readonly api: HostApi }) {
  const action = useAction()
  return (
    <section class="panel" aria-labelledby="export-title">
      <header>
        <h2 id="export-title">Export</h2>
        <span class="hint">predictions, outcomes, times, hints and seeds</span>
      </header>
      <p class="row">
        {files.map(([name, title]) => (
          <button
            key={name}
            class="small"
            disabled={action.busy}
            title={`Save ${name}`}
            onClick={() =>
              action.run(async () => saveExport(api, `/api/workshop/exports/${name}`, { name }))
            }
          >
            ↓ {title}
          </button>
        ))}
      </p>
      <ActionError action={action} />
    </section>
  )
}
