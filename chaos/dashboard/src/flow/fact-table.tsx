import { useMemo } from 'preact/hooks'

import type { FlowComparison, FlowRecord } from '../../../contracts/flow-record.ts'
import { formatRunTime } from '../../../contracts/run-clock.ts'
import { flowFacts } from '../../../report/flow-diagram/flow-facts.ts'
import { setMoment } from './moment.ts'

/** The same facts as text: for screen readers, and to read line by line. */
export function FactTable({
  drawn,
  run,
}: {
  readonly drawn: FlowRecord | FlowComparison
  readonly run: string
}) {
  const facts = useMemo(() => flowFacts(drawn), [drawn])
  return (
    <details class="panel">
      <summary>
        <b>The same as text</b> <span class="muted small">{facts.length} lines</span>
      </summary>
      <div class="scroll">
        <table class="flow-facts" data-testid="flow-facts">
          <thead>
            <tr>
              <th scope="col">time</th>
              <th scope="col">who</th>
              <th scope="col">what</th>
            </tr>
          </thead>
          <tbody>
            {facts.map(({ ms, who, text, kind }, i) => (
              <tr key={i} class={kind}>
                <td>
                  <button
                    class="quiet small"
                    onClick={() => setMoment(run, ms)}
                    title="Show this moment"
                  >
                    {formatRunTime(ms)}
                  </button>
                </td>
                <td>
                  <b>{who}</b>
                </td>
                <td>{text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
