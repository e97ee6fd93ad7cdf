import type { FlowList } from '../../../contracts/flow-record.ts'
import { flowHref } from './flow-links.ts'

const shownMax = 8

/** The recorded flows of a run, the failing ones first: each opens its diagram. */
export function RunFlows({ run, list }: { readonly run: string; readonly list: FlowList }) {
  if (list.flows.length === 0) return null
  const sorted = list.flows.toSorted((a, b) => Number(b.isFailing) - Number(a.isFailing))
  const failing = list.flows.filter(({ isFailing }) => isFailing).length
  return (
    <section class="panel stack" aria-label="Diagrams">
      <header>
        <h2>Diagrams</h2>
        <span class="hint">
          {failing === 0 ? '' : `${failing} failing of `}
          {list.flows.length} recorded
        </span>
      </header>
      <ul class="small run-flows" data-testid="run-flows">
        {sorted.slice(0, shownMax).map(({ id, result, isFailing }) => (
          <li key={id}>
            <a href={flowHref(run, id)}>
              {isFailing ? '✕ ' : ''}
              {id}
            </a>{' '}
            <span class="muted">{result}</span>
          </li>
        ))}
      </ul>
      {list.flows.length > shownMax && (
        <p class="small muted">Each diagram has a list of all {list.flows.length}.</p>
      )}
      {!list.isComplete && (
        <p class="small muted">
          The recording is incomplete: {list.incompleteBecause ?? 'messages are missing'}.
        </p>
      )}
    </section>
  )
}
