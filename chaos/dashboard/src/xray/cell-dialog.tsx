import { useEffect, useRef, useState } from 'preact/hooks'

import { resultLooks } from '../../../xray/judging/cell-results.ts'
import type { XrayView } from '../../../xray/live/xray-view.ts'
import type { Cell, CourseLine } from '../../../xray/matrix.ts'
import { columnNamed } from '../../../xray/planning/columns.ts'
import { sequenceSvg } from '../../../xray/showing/sequence.ts'
import { api } from '../data/api.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { labelParts, wordOf } from './cell-words.ts'

interface DialogProps {
  readonly view: XrayView
  readonly id: string
  readonly onOpen: (cell: string) => void
  readonly onClose: () => void
}

/** The story of one cell: what was done, what came of it, the messages in order, and how to see it again. */
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

function CellStory({
  view,
  cell,
  onOpen,
}: Pick<DialogProps, 'view' | 'onOpen'> & { readonly cell: Cell }) {
  const step = view.matrix.steps.find((one) => one.id === cell.step)
  const { colour, meaning } = resultLooks[cell.verdict]
  const { link, what } = step === undefined ? { link: '', what: cell.step } : labelParts(step)
  const same = view.matrix.classes.find((one) => one.id === cell.class)?.cells ?? []
  const replay = `npx unhappy xray replay ${cell.id} --from ${view.folder}/xray.json`
  return (
    <>
      <header class="row">
        <span class={`cell big ${colour}`}>{wordOf(cell)}</span>
        <h2 id="cell-title">
          {what} <span class="muted">on {link}</span>
        </h2>
      </header>
      <p class="tale">
        {cell.story ?? `${columnNamed(cell.column)?.words ?? cell.column}: ${meaning}.`}
      </p>
      <dl class="facts">
        <Fact name="global" text={cell.global} />
        <Fact name="local" text={cell.local} />
        {cell.violations?.map(({ invariant, expected, actual }) => (
          <Fact
            key={invariant}
            name="violated"
            text={`${invariant}: expected ${expected}, got ${actual}`}
          />
        ))}
        <Fact name="again" text={cell.confirmed && `the same ${times(cell.confirmed)}`} />
        <Fact name="seen" text={cell.seen?.join(', ')} />
        <Fact name="why" text={cell.why ?? cell.rule} />
      </dl>
      {cell.sameAs !== undefined && (
        <Others title="Stands for it" ids={[cell.sameAs]} onOpen={onOpen} />
      )}
      {same.length > 1 && (
        <Others
          title={`The same course (${same.length})`}
          ids={same.filter((other) => other !== cell.id)}
          onOpen={onOpen}
        />
      )}
      {cell.verdict !== 'n/a' && view.state === 'done' && (
        <p class="row">
          <span class="muted small">See it happen again</span>
          <code class="command">{replay}</code>
          <CopyButton text={replay} />
        </p>
      )}
      {cell.course !== undefined && (
        <Diagram course={cell.course} untouched={view.matrix.baseline.course} name={cell.id} />
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

/** What happened, laid over what happens when nothing is touched: what is new stands out. */
function Diagram(props: {
  readonly course: readonly CourseLine[]
  readonly untouched: readonly CourseLine[]
  readonly name: string
}) {
  const [shown, show] = useState<'course' | 'untouched'>('course')
  const known = new Set(props.untouched.flatMap(({ key }) => key ?? []))
  const title = shown === 'course' ? `What happened in ${props.name}` : 'The untouched run'
  return (
    <section class="stack" aria-label="Sequence diagram">
      <div class="row">
        <div class="tabs" role="group" aria-label="Which run">
          <button aria-pressed={shown === 'course'} onClick={() => show('course')}>
            What happened
          </button>
          <button aria-pressed={shown === 'untouched'} onClick={() => show('untouched')}>
            The untouched run
          </button>
        </div>
        <span class="small muted">
          ✕ the fault, <b>bold</b> what an untouched run does not have, grey what it has too
        </span>
      </div>
      <div
        class="diagram"
        tabIndex={0}
        role="region"
        aria-label={title}
        // The text in it is escaped where it is drawn.
        dangerouslySetInnerHTML={{ __html: sequenceSvg(props[shown], known, title) }}
      />
    </section>
  )
}

function times(confirmed: string): string {
  const [same = '', all = ''] = confirmed.split('/')
  return `${same} of ${all} times`
}
