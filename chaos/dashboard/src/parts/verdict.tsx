import { formatCount } from '../../../checks/lib/format.ts'
import type { CheckResult, Story, Verdict } from '../../../contracts/check.ts'
import { formatRunTime } from '../../../contracts/run-clock.ts'

const signs = { held: '✓', violated: '✕', inconclusive: '?' } as const

/** A verdict: one word, one line, then each check with its figures, and the story of the first offender. */
export function VerdictView({
  verdict,
  showStory = true,
}: {
  readonly verdict: Verdict
  readonly showStory?: boolean
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
      <CheckResults checks={verdict.checks} />
      {showStory && verdict.story !== undefined && <StoryView story={verdict.story} />}
    </div>
  )
}

function CheckResults({ checks }: { readonly checks: readonly CheckResult[] }) {
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
                        <td class="mono">{offender.id}</td>
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
function StoryView({ story }: { readonly story: Story }) {
  return (
    <section class="story" aria-label="The story of the first offender">
      <h3>
        The story of {story.about}: {story.headline}
      </h3>
      <ol>
        {story.lines.map((line, i) => (
          <li key={`${line.ms}-${i}`} class={line.who === 'fault' ? 'fault' : ''}>
            <time>{formatRunTime(line.ms)}</time>
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
