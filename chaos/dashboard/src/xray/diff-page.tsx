import { useMemo, useState } from 'preact/hooks'

import { resultLooks } from '../../../xray/judging/cell-results.ts'
import type { CellChange } from '../../../xray/judging/diff.ts'
import type { XrayView } from '../../../xray/live/xray-view.ts'
import { columns } from '../../../xray/planning/columns.ts'
import { CellDialog } from './cell-dialog.tsx'
import { stepLabelWords } from './cell-words.ts'
import { Legend } from './legend.tsx'
import { moveFocus } from './move-focus.ts'
import { pairRows, type PairedCell, type PairedRow, shownResult } from './pair-rows.ts'
import { useLook } from './use-look.ts'
import { useXray } from './use-xray.ts'

const marks: Readonly<Record<CellChange['what'], string>> = {
  fixed: '▲',
  better: '▲',
  new: '▼',
  worse: '▼',
  changed: '~',
  added: '+',
  gone: '−',
}
const changeNames: Readonly<Record<CellChange['what'], string>> = {
  fixed: 'fixed',
  better: 'better, still broken',
  new: 'newly broken',
  worse: 'worse',
  changed: 'another good result',
  added: 'only after',
  gone: 'only before',
}
const highlighted: readonly CellChange['what'][] = ['new', 'worse', 'fixed', 'better']

/** Two matrices side by side: the happy-path version and your fix. Changed cells are highlighted. */
export function DiffPage({ ids }: { readonly ids: readonly [before: string, after: string] }) {
  const [one, other] = [useXray(ids[0]), useXray(ids[1])]
  const [open, setOpen] = useState<{ view: XrayView; cell: string } | null>(null)
  const error = one.error ?? other.error
  if (one.view === null || other.view === null)
    return <p class={error === null ? 'empty' : 'error'}>{error ?? 'Loading both X-rays…'}</p>
  return (
    <div class="stack">
      <section class="panel xray-panel">
        <SideBySide
          before={one.view}
          after={other.view}
          onOpen={(view, cell) => setOpen({ view, cell })}
        />
      </section>
      <Legend />
      {open !== null && (
        <CellDialog
          key={open.view.id}
          view={open.view}
          id={open.cell}
          onOpen={(cell) => setOpen({ ...open, cell })}
          onClose={() => setOpen(null)}
        />
      )}
    </div>
  )
}

interface SideProps {
  readonly before: XrayView
  readonly after: XrayView
  readonly onOpen: (view: XrayView, cell: string) => void
}

function SideBySide({ before, after, onOpen }: SideProps) {
  const { rows, diff } = useMemo(
    () => pairRows(before.matrix, after.matrix),
    [before.matrix, after.matrix],
  )
  const count = (what: CellChange['what']): number =>
    diff.changes.filter((change) => change.what === what).length
  const first = rows[0]?.pairs.find((pair) => pair.before !== undefined)?.before?.id
  return (
    <>
      <header class="xray-head">
        <div>
          <h1>What changed</h1>
          <p class="small muted">
            <a href="#/xray">All X-rays</a> · {before.variant} before, {after.variant} after
          </p>
        </div>
        <p class="figures" data-testid="diff-figures">
          <span class={count('fixed') > 0 ? 'good' : ''}>
            <b>▲ {count('fixed')}</b> fixed
          </span>
          <span class={count('new') + count('worse') > 0 ? 'loud' : ''}>
            <b>▼ {count('new') + count('worse')}</b> newly broken or worse
          </span>
          <span>
            <b>{diff.unchanged}</b> unchanged
          </span>
        </p>
      </header>
      <div class="scroll">
        <table class="xray pair" onKeyDown={moveFocus}>
          <caption class="unseen">The two matrices, row by row</caption>
          <thead>
            <tr>
              <td />
              <th scope="colgroup" colSpan={9} class="side">
                {before.variant}
              </th>
              <td class="gap" />
              <th scope="colgroup" colSpan={9} class="side">
                {after.variant}
              </th>
            </tr>
            <tr>
              <td />
              <Headings />
              <td class="gap" />
              <Headings />
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.key} {...{ row, before, after, onOpen }} first={first} />
            ))}
          </tbody>
        </table>
      </div>
      <Changes rows={rows} />
    </>
  )
}

function Headings() {
  return (
    <>
      {columns.map(({ id, heading, words }) => (
        <th key={id} scope="col" title={words}>
          {heading}
        </th>
      ))}
    </>
  )
}

function Row(props: SideProps & { readonly row: PairedRow; readonly first: string | undefined }) {
  const { row, before, after, onOpen, first } = props
  const look = useLook()
  const { link, what } = stepLabelWords(row.step)
  const side = (pair: PairedCell, view: XrayView, isAfter: boolean) => {
    const cell = isAfter ? pair.after : pair.before
    if (cell === undefined) return <td key={pair.column} />
    const { colour, word, meaning } = look(shownResult(cell, view.matrix))
    const change = pair.what
    const name = `${what}, ${columns.find(({ id }) => id === pair.column)?.heading ?? ''}, ${isAfter ? 'after' : 'before'}: ${word}, ${meaning}${change === undefined ? '' : `; ${changeNames[change]}`}`
    const mark =
      isAfter && change !== undefined && highlighted.includes(change) ? marks[change] : ''
    return (
      <td key={pair.column}>
        <button
          class={`cell ${colour} ${change === undefined ? 'same' : change}`}
          data-cell={cell.id}
          tabIndex={!isAfter && cell.id === first ? 0 : -1}
          aria-label={name}
          title={name}
          onClick={() => onOpen(view, cell.id)}
        >
          {mark !== '' && <i aria-hidden="true">{mark}</i>}
          {word}
        </button>
      </td>
    )
  }
  return (
    <tr>
      <th scope="row" title={row.key}>
        <span>{link}</span> <b>{what}</b>
      </th>
      {row.pairs.map((pair) => side(pair, before, false))}
      <td class="gap" />
      {row.pairs.map((pair) => side(pair, after, true))}
    </tr>
  )
}

/** The changes as a list, the worst first. */
function Changes({ rows }: { readonly rows: readonly PairedRow[] }) {
  const lines = highlighted.flatMap((what) =>
    rows.flatMap(({ key, pairs }) =>
      pairs.flatMap((pair) => (pair.what === what ? [{ key, pair, what }] : [])),
    ),
  )
  if (lines.length === 0) return <p class="muted">No cell is fixed or newly broken.</p>
  const word = (cell: PairedCell['before']): string =>
    cell === undefined ? 'no such step' : resultLooks[cell.result].word
  return (
    <details open={lines.length <= 12}>
      <summary>{lines.length} changes as a list</summary>
      <ul class="changes small">
        {lines.map(({ key, pair, what }) => (
          <li key={`${key}/${pair.column}`}>
            <b>
              {marks[what]} {changeNames[what]}
            </b>{' '}
            {key} / {columns.find(({ id }) => id === pair.column)?.heading}: {word(pair.before)} →{' '}
            {word(pair.after)}
          </li>
        ))}
      </ul>
    </details>
  )
}
