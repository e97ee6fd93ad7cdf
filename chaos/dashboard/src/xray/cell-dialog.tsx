import { useEffect, useMemo, useRef, useState } from 'preact/hooks'

import { layOutFlow } from '../../../report/flow-diagram/lay-out-flow.ts'
import type { XrayView } from '../../../xray/live/xray-view.ts'
import type { Cell } from '../../../xray/matrix.ts'
import { columnNamed } from '../../../xray/planning/columns.ts'
import { type CellHistory, comparisonOfCell } from '../../../xray/showing/cell-history.ts'
import { api } from '../data/api.ts'
import { FlowDiagramView } from '../flow/flow-diagram.tsx'
import { useLoaded } from '../hooks/use-loaded.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { stepLabelWords, cellWord } from './cell-words.ts'
import { RowEvidence } from './row-evidence.tsx'
import { useLook } from './use-look.ts'

interface DialogProps {
  readonly view: XrayView
  readonly id: string
  readonly onOpen: (cell: string) => void
  readonly onClose: () => void
}

/** The story of one cell: the fault, the result, the space-time diagram, and the command that replays the cell. */
export function CellDialog({ view, id, onOpen, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const loaded = useLoaded(() => api.xrayCell(view.id, id), `${view.id}/${id}`)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  useEffect(() => {
    if (dialog.current !== null) dialog.current.scrollTop = 0
  }, [id])
  const cell = loaded.value?.id === id ? loaded.value : null
  useEffect(() => {
    dialog.current?.querySelector('.flow-diagram .fault')?.scrollIntoView({ block: 'center' })
  }, [cell])
  return (
    <dialog
      ref={dialog}
      class="story-of-cell"
      aria-labelledby="cell-title"
      data-testid="cell-dialog"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="stack">
        {loaded.error !== null && <p class="error">{loaded.error}</p>}
        {cell === null ? (
          <p class="empty">Loading {id} …</p>
        ) : (
          <CellStory {...{ view, cell, onOpen }} />
        )}
        <form method="dialog" class="close">
          <button>Close</button>
        </form>
      </div>
    </dialog>
  )
}

const clientWords = {
  ok: 'receives a success response',
  fail: 'receives a refusal',
  unknown: 'receives no final response',
} as const

function CellStory({
  view,
  cell,
  onOpen,
}: Pick<DialogProps, 'view' | 'onOpen'> & { readonly cell: Cell }) {
  const step = view.matrix.steps.find((one) => one.id === cell.step)
  const { colour, meaning } = useLook()(cell.result)
  const { link, what } = step === undefined ? { link: '', what: cell.step } : stepLabelWords(step)
  const same = view.matrix.classes.find((one) => one.id === cell.class)?.cells ?? []
  const replay = `npx unhappy xray replay ${cell.id} --from ${view.folder}/xray.json`
  return (
    <>
      <header class="row">
        <span class={`cell big ${colour}`}>{cellWord(cell)}</span>
        <h2 id="cell-title">
          {what} <span class="muted">on {link}</span>
        </h2>
      </header>
      <p class="tale">
        {cell.story ?? `${columnNamed(cell.column)?.words ?? cell.column}: ${meaning}.`}
      </p>
      <dl class="facts">
        <Fact name="client" text={cell.client && clientWords[cell.client]} />
        <Fact name="stores" text={cell.global} />
        <Fact name="processes" text={cell.local} />
        {cell.violations?.map(({ invariant, expected, actual }) => (
          <Fact
            key={invariant}
            name="violated"
            text={`${invariant}: expected ${expected}, got ${actual}`}
          />
        ))}
        <Fact name="runs" text={cell.confirmed && `the same result in ${runs(cell.confirmed)}`} />
        <Fact name="results" text={cell.seen?.join(', ')} />
        <Fact name="why" text={cell.why ?? cell.rule} />
      </dl>
      {cell.evidence !== undefined && <RowEvidence lines={cell.evidence} />}
      {cell.sameAs !== undefined && (
        <Others title="Represented by" ids={[cell.sameAs]} onOpen={onOpen} />
      )}
      {same.length > 1 && (
        <Others
          title={`Same history (${same.length} cells)`}
          ids={same.filter((other) => other !== cell.id)}
          onOpen={onOpen}
        />
      )}
      {cell.result !== 'n/a' && view.state === 'done' && (
        <p class="row">
          <span class="muted small">Run this cell again</span>
          <code class="command">{replay}</code>
          <CopyButton text={replay} />
        </p>
      )}
      {cell.history !== undefined && (
        <Diagram
          key={cell.id}
          id={cell.id}
          history={cell.history}
          withoutFault={view.matrix.baseline.history}
          isStopped={columnNamed(cell.column)?.act !== 'late'}
        />
      )}
    </>
  )
}

function Fact({ name, text }: { readonly name: string; readonly text: string | undefined }) {
  if (text === undefined || text === '') return null
  return (
    <>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </>
  )
}

function Others(props: {
  readonly title: string
  readonly ids: readonly string[]
  readonly onOpen: (cell: string) => void
}) {
  return (
    <p class="row others">
      <span class="muted small">{props.title}</span>
      {props.ids.slice(0, 12).map((id) => (
        <button key={id} class="quiet small" onClick={() => props.onOpen(id)}>
          {id}
        </button>
      ))}
      {props.ids.length > 12 && <span class="small muted">and {props.ids.length - 12} more</span>}
    </p>
  )
}

/** The history of the operation as a space-time diagram, with the run without the fault beside it on request. */
function Diagram(props: CellHistory) {
  const { id, history, withoutFault, isStopped } = props
  const [isBeside, setBeside] = useState(false)
  const drawn = useMemo(() => comparisonOfCell(props), [id, history, withoutFault, isStopped])
  const layout = useMemo(() => layOutFlow(drawn, { isBeside }), [drawn, isBeside])
  return (
    <section class="stack" aria-label="Space-time diagram">
      <div class="row">
        <button aria-pressed={isBeside} onClick={() => setBeside(!isBeside)} data-testid="beside">
          Run without the fault beside it
        </button>
      </div>
      <FlowDiagramView drawn={drawn} layout={layout} run={`cell ${id}`} />
    </section>
  )
}

function runs(confirmed: string): string {
  const [same = '', all = ''] = confirmed.split('/')
  return `${same} of ${all} runs`
}
