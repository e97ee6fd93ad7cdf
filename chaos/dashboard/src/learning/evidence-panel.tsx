import type { LabSummary, Share } from '../../../contracts/api.ts'
import { api } from '../data/api.ts'
import { useLoaded } from '../hooks/use-loaded.ts'

/** What is due, and how well the learner's confidence agrees with the results. */
export function EvidencePanel({ labs }: { readonly labs: readonly LabSummary[] }) {
  const { value } = useLoaded(api.evidence, 'evidence')
  const due = labs.filter(({ transfer }) => transfer.state === 'due')
  const answers = value === null ? 0 : value.predictions.answered + value.transfer.now.answered
  if (value === null || (due.length === 0 && answers === 0)) return null
  return (
    <section class="panel stack evidence" data-testid="evidence">
      <h2>What you predicted, and what was right</h2>
      {due.length > 0 && (
        <p data-testid="due">
          A question about unfamiliar code is due:{' '}
          {due.map(({ id, title }, i) => (
            <span key={id}>
              {i > 0 ? ', ' : ''}
              <a href={`#/labs/${id}`}>{title}</a>
            </span>
          ))}
        </p>
      )}
      {value.sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {answers > 0 && (
        <details>
          <summary>By confidence</summary>
          <table class="runs">
            <thead>
              <tr>
                <th scope="col">how sure</th>
                <th scope="col">predictions right</th>
                <th scope="col">unfamiliar code right</th>
              </tr>
            </thead>
            <tbody>
              {value.predictions.bands.map((band, i) => (
                <tr key={band.from}>
                  <th scope="row">
                    {band.from} to {band.to === 100 ? 100 : band.to - 1} %
                  </th>
                  <td>{ofAll(band)}</td>
                  <td>{ofAll(value.transfer.calibration.bands[i])}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </section>
  )
}

function ofAll(share: Share | undefined): string {
  return share === undefined || share.answered === 0 ? '–' : `${share.right} of ${share.answered}`
}
