import { useState } from 'preact/hooks'

import type { XrayList, XraySummary } from '../../../contracts/api.ts'
import { Legend } from './legend.tsx'
import { StartXray } from './start-xray.tsx'
import { useXrays } from './use-xray.ts'

const signs = { running: '◌ running', done: '✓ done', stopped: '■ stopped', failed: '✕ failed' }

/** Every X-ray on disk, the newest first, and a form that starts one. */
export function ListPage() {
  const list = useXrays()
  if (list.error !== null) return <p class="error">{list.error}</p>
  if (list.value === null) return <p class="empty">Loading the X-rays…</p>
  return (
    <div class="stack">
      <section class="panel stack">
        <h1>X-ray</h1>
        <p class="lead">
          An X-ray applies every fault to every message of one operation: cut, silent, late, caller
          dies, callee dies. Each cell is a real operation under one fault and shows its result.
        </p>
        <StartXray list={list.value} onReload={list.reload} />
      </section>
      <SavedXrays list={list.value} />
      <Legend />
    </div>
  )
}

function SavedXrays({ list: { xrays } }: { readonly list: XrayList }) {
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [before, after] = chosen.toSorted()
  const choose = (id: string, on: boolean): void =>
    // Two can be compared: a third one replaces the first.
    setChosen(on ? [...chosen.slice(-1), id] : chosen.filter((one) => one !== id))
  if (xrays.length === 0)
    return (
      <section class="panel">
        <p class="empty">
          There is no X-ray yet. Start the first one above. X-rays from this page and from the
          command line are saved in runs/.
        </p>
      </section>
    )
  return (
    <section class="panel">
      <header>
        <h2>X-rays</h2>
        <span class="hint">select two to compare them</span>
        <span class="space" />
        {before !== undefined && after !== undefined && (
          <a class="button" href={`#/xray/${before}/vs/${after}`} data-testid="compare">
            Compare
          </a>
        )}
      </header>
      <div class="scroll">
        <table class="runs">
          <thead>
            <tr>
              <td />
              <th scope="col">flow</th>
              <th scope="col">code</th>
              <th scope="col">state</th>
              <th scope="col">cells</th>
              <th scope="col">broken</th>
              <th scope="col">started</th>
            </tr>
          </thead>
          <tbody>
            {xrays.map((xray) => (
              <Row
                key={xray.id}
                xray={xray}
                chosen={chosen.includes(xray.id)}
                onChoose={(on) => choose(xray.id, on)}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Row(props: {
  readonly xray: XraySummary
  readonly chosen: boolean
  readonly onChoose: (on: boolean) => void
}) {
  const { xray } = props
  const broken = xray.integrity + xray.liveness
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          aria-label={`Compare ${xray.id}`}
          disabled={xray.state !== 'done'}
          checked={props.chosen}
          onChange={({ currentTarget }) => props.onChoose(currentTarget.checked)}
        />
      </td>
      <td>
        <a href={`#/xray/${xray.id}`}>{xray.flow}</a>
      </td>
      <td>{xray.variant}</td>
      <td>
        {signs[xray.state]}
        {xray.mode === 'quick' ? ', quick' : ''}
      </td>
      <td class="number">{xray.state === 'done' ? xray.total : `${xray.done} of ${xray.total}`}</td>
      <td class={`number ${broken > 0 ? 'outcome violated' : ''}`}>
        {broken > 0 ? `✕ ${broken}` : xray.state === 'done' ? '0' : ''}
      </td>
      <td>{new Date(xray.startedAt).toLocaleString()}</td>
    </tr>
  )
}
