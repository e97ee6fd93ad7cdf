import { useState } from 'preact/hooks'

import { usePageState } from '../../data/page-state.ts'
import { linkColumns } from '../../health/health.ts'
import { usePageFacts } from '../../health/use-page-facts.ts'

/** The health of each link as a table: for a narrow screen, for a screen reader, and to compare links. */
export function LinkTable() {
  const [isOpen, setOpen] = useState(false)
  return (
    <details class="small link-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Requests on each link</summary>
      {isOpen && <Rows />}
    </details>
  )
}

/** Drawn only while the table is open: it changes with every figure. */
function Rows() {
  const links = usePageState((state) => state.sandbox?.system.links)
  const figures = usePageState((state) => state.figures)
  const known = usePageFacts((facts) => facts.linksKnown)
  if (!known) return <p class="empty">Not known.</p>
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            {['link', 'protocol', 'rate', 'succeed', 'p50', 'p95', 'in progress'].map((title) => (
              <th key={title}>{title}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {links?.map(({ name, protocol }) => {
            const counted = figures?.links.find(({ link }) => link === name)?.exchanges
            const { rate, succeed, p50, p95, waiting } = linkColumns(counted)
            return (
              <tr key={name}>
                <td>{name}</td>
                <td>{protocol}</td>
                <td>{rate}</td>
                <td class={(counted?.failed ?? 0) > 0 ? 'bad' : ''}>{succeed}</td>
                <td>{p50}</td>
                <td>{p95}</td>
                <td>{waiting}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
