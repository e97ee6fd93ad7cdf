import type { LabView } from '../../../../contracts/api.ts'
import { api } from '../../data/api.ts'
import { systemName, usePageState } from '../../data/page-state.ts'
import { useLoaded } from '../../hooks/use-loaded.ts'

/** What the lab teaches, and the difference between the learner's file and the system's own file. */
export function LabSolution({ lab }: { readonly lab: LabView }) {
  const name = usePageState(systemName)
  const solution = useLoaded(() => api.solution(lab.id), lab.id)
  return (
    <section class="panel stack">
      <h2>What you learned</h2>
      <ul class="small">
        {lab.learned.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
      {solution.value?.files.map((file) => (
        <details key={file.seam}>
          <summary>
            How the {name} does it: <code>{file.shop}</code>
          </summary>
          <pre class="diff" tabIndex={0}>
            {file.diff.split('\n').map((line, i) => (
              <span
                key={i}
                class={line.startsWith('+') ? 'plus' : line.startsWith('-') ? 'minus' : ''}
              >
                {line}
                {'\n'}
              </span>
            ))}
          </pre>
        </details>
      ))}
    </section>
  )
}
