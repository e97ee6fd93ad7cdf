import { formatCount } from '../../../checks/lib/format.ts'
import { tracks } from '../../../contracts/lab.ts'
import { api } from '../data/api.ts'
import { useLoaded } from '../hooks/use-loaded.ts'

const marks = { new: '○', started: '◐', violated: '✕', held: '✓' } as const
const stateNames = {
  new: 'not started',
  started: 'started',
  violated: 'violated',
  held: 'held',
} as const

/** The labs of each track, with the learner's progress. */
export function LabsPage() {
  const labs = useLoaded(api.labs, 'labs')
  if (labs.error !== null) return <p class="error">{labs.error}</p>
  if (labs.value === null) return <p class="empty">Loading the labs …</p>
  const all = labs.value
  const held = all.filter((lab) => lab.state === 'held').length
  const next = all.find((lab) => lab.state !== 'held')?.id
  return (
    <div class="stack" style={{ gap: '1.2rem' }}>
      <div class="row">
        <h1>Labs</h1>
        <span class="muted">
          {held} of {all.length} labs held
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
                <a
                  key={lab.id}
                  class={`panel card ${lab.state} ${lab.id === next ? 'next' : ''}`}
                  href={`#/labs/${lab.id}`}
                >
                  <span class="mark" aria-hidden="true">
                    {marks[lab.state]}
                  </span>
                  <div>
                    <h3>{lab.title}</h3>
                    <p class="small muted">
                      <span class="state">{stateNames[lab.state]}</span>, {lab.minutes} minutes
                      {lab.hintsUsed > 0 ? `, ${formatCount(lab.hintsUsed, 'hint')}` : ''}
                    </p>
                    {lab.id === next && (
                      <p class="small go">
                        {lab.state !== 'new'
                          ? 'Continue →'
                          : held === 0
                            ? 'Start here →'
                            : 'Next →'}
                      </p>
                    )}
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
