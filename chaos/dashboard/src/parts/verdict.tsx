import { formatCount } from '../../../checks/lib/format.ts'
import type { CheckResult, Story, Verdict } from '../../../contracts/check.ts'
import { type FlowLinks, FlowName } from '../flow/flow-name.tsx'
import { StoryTime } from '../flow/story-time.tsx'

const signs = { held: '✓', violated: '✕', inconclusive: '?' } as const

/** A verdict: one word, one line, then each check with its figures, and the story of the first offender. */
export function VerdictView({
  verdict,
  showStory = true,
  flows,
}: {
  readonly verdict: Verdict
  readonly showStory?: boolean
  /** Absent: the run has no recorded flows. */
  readonly flows?: FlowLinks
}) {
  return (
    <div class="stack">
      <div class={`verdict ${verdict.outcome}`} role="status" data-testid="verdict">
        <b>
          {signs[verdict.outcome]} {verdict.outcome.toUpperCase()}
        </b>
        <span>{verdict.headline}</span>
      </div>
      {verdict.reasons.length > 0 && (
        <ul class="small">
          {verdict.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      <CheckResults checks={verdict.checks} flows={flows} />
      {showStory && verdict.story !== undefined && (
        <StoryView story={verdict.story} flows={flows} />
      )}
    </div>
  )
}

function CheckResults(props: {
  readonly checks: readonly CheckResult[]
  readonly flows: FlowLinks | undefined
}) {
  const { checks, flows } = props
  if (checks.length === 0) return null
  return (
    <ul class="checks">
      {checks.map((check) => (
        <li key={check.title} class={check.outcome}>
          <span class="mark" aria-label={check.outcome}>
            {signs[check.outcome]}
          </span>
          <div>
            <b>{check.title}</b>
            <p class="small muted">{check.summary}</p>
            {check.offenders.length > 0 && (
              <details class="small">
                <summary>{formatCount(check.offendersTotal, 'offender')}</summary>
                <table>
                  <thead>
                    <tr>
                      <th>which</th>
                      <th>expected</th>
                      <th>actual</th>
                    </tr>
                  </thead>
                  <tbody>
                    {check.offenders.map((offender) => (
                      <tr key={offender.id}>
                        <td class="mono">
                          <FlowName name={offender.id} flows={flows} />
                        </td>
                        <td>{offender.expected}</td>
                        <td>{offender.actual}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </details>
            )}
          </div>
        </li>
      ))}
    </ul>
  )
}

/** The history of the first offender, line by line in time order. */
function StoryView(props: { readonly story: Story; readonly flows: FlowLinks | undefined }) {
  const { story, flows } = props
  return (
    <section class="story" aria-label="The story of the first offender">
      <h3>
        The story of <FlowName name={story.about} flows={flows} />: {story.headline}
      </h3>
      <ol>
        {story.lines.map((line, i) => (
          <li key={`${line.ms}-${i}`} class={line.who === 'fault' ? 'fault' : ''}>
            <StoryTime ms={line.ms} about={story.about} flows={flows} />
            <b>{line.who}</b>
            <span>{line.text}</span>
          </li>
        ))}
      </ol>
      <dl class="facts">
        <dt>expected</dt>
        <dd>{story.expected}</dd>
        <dt>actual</dt>
        <dd class="error">{story.actual}</dd>
      </dl>
    </section>
  )
}
