import { useMemo } from 'preact/hooks'

import { isBad, resultLooks } from '../../../xray/judging/cell-results.ts'
import type { XrayView } from '../../../xray/live/xray-view.ts'
import { CellDialog } from './cell-dialog.tsx'
import { LearnedPanel } from './learned-panel.tsx'
import { Legend } from './legend.tsx'
import { MatrixTable } from './matrix-table.tsx'
import { XrayProgress } from './progress.tsx'
import { useXray, useXrays } from './use-xray.ts'

/** One matrix, finished or filling. `cell`: the cell whose story is open. */
export function MatrixPage({ id, cell }: { readonly id: string; readonly cell: string | null }) {
  const { view, error, fresh } = useXray(id)
  const open = (next: string): void => {
    location.hash = `#/xray/${id}/${next}`
  }
  if (view === null)
    return <p class={error === null ? 'empty' : 'error'}>{error ?? 'Loading the X-ray…'}</p>
  return (
    <div class="stack">
      <section class="panel xray-panel">
        <Head view={view} />
        <XrayProgress xray={view} />
        {view.matrix.steps.length > 0 && (
          <MatrixTable
            matrix={view.matrix}
            running={view.state === 'running'}
            fresh={fresh}
            onOpen={open}
          />
        )}
      </section>
      <Classes view={view} onOpen={open} />
      <LearnedPanel learned={view.matrix.learned} />
      <Legend />
      {cell !== null && (
        <CellDialog
          view={view}
          id={cell}
          onOpen={open}
          onClose={() => {
            location.hash = `#/xray/${id}`
          }}
        />
      )}
    </div>
  )
}

function Head({ view }: { readonly view: XrayView }) {
  const { cells, env } = view.matrix
  const bad = useMemo(() => cells.filter(({ result }) => isBad(result)).length, [cells])
  const fine = cells.filter(({ result }) => resultLooks[result].colour.endsWith('green')).length
  return (
    <header class="xray-head">
      <div>
        <h1>
          {view.flow} <span class="muted">of {view.variant}</span>
        </h1>
        <p class="small muted">
          <a href="#/xray">All X-rays</a> · {new Date(view.startedAt).toLocaleString()}, {view.mode}
          {env.netsOff.length > 0 ? `, without ${env.netsOff.join(', ')}` : ''}
        </p>
      </div>
      <p class="figures">
        <span class={bad > 0 ? 'loud' : ''}>
          <b>{bad}</b> broken
        </span>
        <span>
          <b>{fine}</b> fine
        </span>
        {view.silent > 0 && (
          <span>
            <b>{view.silent}</b> without a result
          </span>
        )}
      </p>
      <div class="row links">
        {view.state === 'done' && (
          <>
            <Compare view={view} />
            <a href={`api/xrays/${view.id}/files/xray.html`} download={`${view.id}.html`}>
              Page
            </a>
            <a href={`api/xrays/${view.id}/files/xray.json`} download={`${view.id}.json`}>
              JSON
            </a>
          </>
        )}
      </div>
    </header>
  )
}

function Compare({ view }: { readonly view: XrayView }) {
  const all = useXrays()
  const others = (all.value?.xrays ?? []).filter(
    ({ id, state }) => id !== view.id && state === 'done',
  )
  if (others.length === 0) return null
  return (
    <select
      aria-label="Compare with another X-ray"
      value=""
      onChange={({ currentTarget: { value } }) => {
        // Ids begin with the time: the older one is the one before.
        const [before, after] = [view.id, value].toSorted()
        location.hash = `#/xray/${before}/vs/${after}`
      }}
    >
      <option value="">Compare with…</option>
      {others.map(({ id, variant, flow, startedAt }) => (
        <option key={id} value={id}>
          {variant}, {flow}, {new Date(startedAt).toLocaleTimeString()}
        </option>
      ))}
    </select>
  )
}

/** A class of broken cells is one finding. */
function Classes({
  view,
  onOpen,
}: {
  readonly view: XrayView
  readonly onOpen: (cell: string) => void
}) {
  const broken = view.matrix.classes.filter(({ result }) => isBad(result))
  if (broken.length === 0) return null
  return (
    <section class="panel stack">
      <h2>
        {broken.length === 1 ? 'One finding' : `${broken.length} findings`}{' '}
        <span class="muted small">cells with the same result and the same history</span>
      </h2>
      <ul class="findings">
        {broken.map(({ id, result, title, cells }) => (
          <li key={id}>
            <span class={`cell ${resultLooks[result].colour}`}>{resultLooks[result].word}</span>
            <div>
              <p>{title}</p>
              <p class="row others">
                {cells.slice(0, 9).map((cell) => (
                  <button key={cell} class="quiet small" onClick={() => onOpen(cell)}>
                    {cell}
                  </button>
                ))}
                {cells.length > 9 && <span class="small muted">and {cells.length - 9} more</span>}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
