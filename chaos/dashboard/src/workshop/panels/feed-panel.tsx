import { useState } from 'preact/hooks'

import type { InstructorView } from '../../../../contracts/workshop.ts'
import { clockTime } from '../../parts/clock-time.ts'
import { feedText } from '../words.ts'

const tones = { held: 'tone-good', violated: 'tone-bad', inconclusive: 'tone-fault' } as const

/** Verdicts as they arrive, or everything that learners reported; the newest first. */
export function FeedPanel({
  view: { feed, predictions },
}: {
  readonly view: Pick<InstructorView, 'feed' | 'predictions'>
}) {
  const [isAll, setAll] = useState(false)
  const shown = isAll ? feed : feed.filter(({ report }) => report.type === 'verdict')
  const answersOf = (lab: string): readonly string[] | undefined =>
    predictions.find((each) => each.lab === lab)?.answers.map(({ text }) => text)
  return (
    <section class="panel feed" aria-labelledby="feed-title">
      <header>
        <h2 id="feed-title">Feed</h2>
        <span class="space" />
        <span class="tabs">
          <button aria-pressed={!isAll} onClick={() => setAll(false)}>
            Verdicts
          </button>
          <button aria-pressed={isAll} onClick={() => setAll(true)}>
            Everything
          </button>
        </span>
      </header>
      {shown.length === 0 ? (
        <p class="empty">{isAll ? 'Nothing has arrived.' : 'No verdict has arrived.'}</p>
      ) : (
        // It scrolls, so the keyboard must reach it.
        <ol class="timeline" tabIndex={0} aria-labelledby="feed-title" data-testid="feed">
          {shown.map((entry) => {
            const { seq, at, name, report } = entry
            return (
              <li key={seq}>
                <time dateTime={at}>{clockTime(new Date(at)).slice(0, 8)}</time>
                <span class={report.type === 'verdict' ? tones[report.outcome] : ''}>
                  <b>{name}</b>{' '}
                  {feedText(
                    entry,
                    report.type === 'prediction' ? answersOf(report.lab) : undefined,
                  )}
                </span>
              </li>
            )
          })}
        </ol>
      )}
    </section>
  )
}
