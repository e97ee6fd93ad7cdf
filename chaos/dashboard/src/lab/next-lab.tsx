import type { LabView } from '../../../contracts/api.ts'
import { api } from '../data/api.ts'
import { useLoaded } from '../hooks/use-loaded.ts'

/** Where the learning path continues. */
export function NextLab({ lab }: { readonly lab: LabView }) {
  const labs = useLoaded(api.labs, `${lab.id} ${lab.state}`)
  const next = labs.value?.find((one) => one.next)
  if (labs.value === null) return null
  return (
    <section class="panel stack">
      <h2>{next === undefined ? 'Every lab holds' : 'The next lab'}</h2>
      {next === undefined ? (
        <p>
          This was the last lab of the path. Apply faults to every message of a flow in the{' '}
          <a href="#/xray">X-ray</a>.
        </p>
      ) : (
        <p>
          <a href={`#/labs/${next.id}`} data-testid="next-lab">
            {next.title}
          </a>
          <span class="muted small">
            {' '}
            {next.minutes} minutes. What breaks: {next.breaks}.
          </span>
        </p>
      )}
    </section>
  )
}
