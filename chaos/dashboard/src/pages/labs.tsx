import './labs.css'
import { formatCount } from '../../../checks/lib/format.ts'
import type { LabSummary } from '../../../contracts/api.ts'
import { tracks } from '../../../contracts/lab.ts'
import type { Track } from '../../../contracts/lab.ts'
import { api } from '../data/api.ts'
import { isAdopted, systemTitle, usePageState } from '../data/page-state.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { EvidencePanel } from '../learning/evidence-panel.tsx'
import { JoinWorkshop } from '../workshop/join-workshop.tsx'

const marks = { new: '', started: '◐', violated: '✕', held: '✓' } as const
const stateNames = {
  new: 'not started',
  started: 'started',
  violated: 'violated',
  held: 'held',
} as const

/** All labs as one path, in the order in which they are learned, with the learner's progress. */
export function LabsPage() {
  const labs = useLoaded(api.labs, 'labs')
  const adopted = usePageState(isAdopted)
  const title = usePageState(systemTitle)
  if (adopted)
    return (
      <section class="panel stack">
        <h1>Labs</h1>
        <p>
          Labs are about the shop, and this sandbox runs {title}. To do a lab, start the shop:{' '}
          <code>npx unhappy release</code>, then <code>npx unhappy up</code>
        </p>
      </section>
    )
  if (labs.error !== null) return <p class="error">{labs.error}</p>
  if (labs.value === null) return <p class="empty">Loading the labs …</p>
  const all = labs.value
  const held = all.filter((lab) => lab.state === 'held').length
  return (
    <div class="stack labs">
      <div class="row">
        <h1>Labs</h1>
        <span class="muted">
          {held} of {all.length} labs held
        </span>
        <progress value={held} max={all.length} aria-label="Labs held" />
      </div>
      <EvidencePanel labs={all} />
      <JoinWorkshop />
      <ol class="path">
        {all.map((lab, i) => (
          <Stop
            key={lab.id}
            lab={lab}
            begins={all[i - 1]?.track !== lab.track}
            first={held === 0}
          />
        ))}
      </ol>
    </div>
  )
}

/** One lab of the path. The first lab of a track is under the track's title. */
function Stop({
  lab,
  begins,
  first,
}: {
  readonly lab: LabSummary
  readonly begins: boolean
  readonly first: boolean
}) {
  return (
    <>
      {begins && <TrackTitle track={lab.track} />}
      <li class={`stop ${lab.state} ${lab.next ? 'next' : ''}`} value={lab.position}>
        <span class="mark" aria-hidden="true">
          {marks[lab.state] === '' ? lab.position : marks[lab.state]}
        </span>
        <a class="panel lab-card" href={`#/labs/${lab.id}`}>
          <h3>{lab.title}</h3>
          <dl>
            <dt>breaks</dt>
            <dd>{lab.breaks}</dd>
            <dt>learn</dt>
            <dd>{lab.lesson}</dd>
          </dl>
          <p class="small muted">
            <span class="state">{stateNames[lab.state]}</span>, {lab.minutes} minutes
            {lab.hintsUsed > 0 ? `, ${formatCount(lab.hintsUsed, 'hint')}` : ''}
            {lab.transfer.state === 'due' && <b>, a question is due</b>}
            {lab.next && <b class="go"> {goText(lab, first)}</b>}
          </p>
        </a>
      </li>
    </>
  )
}

function goText({ state }: LabSummary, first: boolean): string {
  if (state !== 'new') return 'Continue →'
  return first ? 'Start here →' : 'Next →'
}

function TrackTitle({ track }: { readonly track: Track }) {
  const { title, about } = tracks[track]
  return (
    <li class="track">
      <h2>
        {title} <span class="muted small">{about}</span>
      </h2>
    </li>
  )
}
