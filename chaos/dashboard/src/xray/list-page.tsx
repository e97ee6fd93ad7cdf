import { useState } from 'preact/hooks'

import type { XrayList, XraySummary } from '../../../contracts/api.ts'
import { Legend } from './legend.tsx'
import { StartXray } from './start-xray.tsx'
import { useXrays } from './use-xray.ts'

const signs = { running: '◌ going on', done: '✓ done', stopped: '■ stopped', failed: '✕ failed' }

/** Every X-ray that is still on disk, newest first, and a way to make one. */
export function ListPage() {
  const list = useXrays()
  if (list.error !== null) return <p class="error">{list.error}</p>
  if (list.value === null) return <p class="empty">Loading the X-rays …</p>
  return (
    <div class="stack">
      <section class="panel stack">
        <h1>X-ray</h1>
        <p class="lead">
          Every message of one order, crossed with every way it can go wrong: cut, silent, late, the
          caller dies, the callee dies. Each cell is an order that was really placed, and what
          became of it.
        </p>
        <StartXray list={list.value} />
      </section>
      <Made list={list.value} />
      <Legend />
    </div>
  )
}

function Made({ list: { xrays } }: { readonly list: XrayList }) {
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [before, after] = chosen.toSorted()
  const choose = (id: string, on: boolean): void =>
    // Two can be compared: a third takes the place of the first.
    setChosen(on ? [...chosen.slice(-1), id] : chosen.filter((one) => one !== id))
  if (xrays.length === 0)
    return (
      <section class="panel">
        <p class="empty">
          None yet: make the first one above. All that you make, here or on the command line, stay
          in runs/.
        </p>
      </section>
    )
  return (
    <section class="panel">
      <header>
        <h2>Made so far</h2>
        <span class="hint">choose two to lay them side by side</span>
        <span class="space" />
        {before !== undefined && after !== undefined && (
          <a class="button" href={`#/xray/${before}/vs/${after}`} data-testid="compare">
            Compare the two
          </a>
        )}
      </header>
      <div class="scroll">
        <table class="runs">
          <thead>
            <tr>
              <td />
              <th scope="col">what</th>
              <th scope="col">code</th>
              <th scope="col">how</th>
              <th scope="col">cells</th>
              <th scope="col">broken</th>
              <th scope="col">when</th>
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
