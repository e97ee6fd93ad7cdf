import { tracks } from '../../../contracts/lab.ts'
import { api } from '../data/client.ts'
import { useLoaded } from '../parts/use-async.ts'

const marks = { new: '○', started: '◐', violated: '✕', held: '✓' } as const
const says = { new: 'not started', started: 'started', violated: 'violated', held: 'held' } as const

/** The three tracks, with how far the learner is. */
export function LabsPage() {
  const labs = useLoaded(api.labs, 'labs')
  if (labs.error !== null) return <p class="error">{labs.error}</p>
  if (labs.value === null) return <p class="empty">Loading the labs …</p>
  const all = labs.value
  const held = all.filter((lab) => lab.state === 'held').length
  return (
    <div class="stack" style={{ gap: '1.2rem' }}>
      <div class="row">
        <h1>Labs</h1>
        <span class="muted">
          {held} of {all.length} held
        </span>
        <progress value={held} max={all.length} aria-label="Labs held" />
      </div>
      {Object.entries(tracks).map(([track, { title, about }]) => {
        const mine = all.filter((lab) => lab.track === track)
        return mine.length === 0 ? null : (
          <section key={track} class="stack">
            <h2>
              {title} <span class="muted small">{about}</span>
            </h2>
            <div class="cards">
              {mine.map((lab) => (
                <a key={lab.id} class={`panel card ${lab.state}`} href={`#/labs/${lab.id}`}>
                  <span class="mark" aria-hidden="true">
                    {marks[lab.state]}
                  </span>
                  <div>
                    <h3>{lab.title}</h3>
                    <p class="small muted">
                      {lab.id}, {lab.minutes} minutes, {says[lab.state]}
                      {lab.hintsUsed > 0 ? `, ${lab.hintsUsed} hints` : ''}
                    </p>
                  </div>
                </a>
              ))}
            </div>
          </section>
        )
      })}
    </div>
  )
}
