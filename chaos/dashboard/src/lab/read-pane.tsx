import { useState } from 'preact/hooks'

import type { LabSection, LabView, LockedUntil, UnlockableId } from '../../../contracts/api.ts'
import { api } from '../data/api.ts'
import { useAction } from '../hooks/use-action.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { Markdown } from '../parts/markdown.tsx'

const opens: Readonly<Record<LockedUntil, string>> = {
  'the verdict': 'Opens after the first verdict.',
  'your explanation': 'Opens after you have written your explanation.',
  held: 'Opens when your version holds.',
}

/** The README of a lab, section by section. The controller sends a locked section only when its time has come. */
export function ReadPane({
  lab,
  onChange,
}: {
  readonly lab: LabView
  readonly onChange: (lab: LabView) => void
}) {
  const after = lab.locked.find(({ id }) => id === 'after')
  return (
    <article class="panel read">
      <Markdown text={introOf(lab.readme)} />
      {lab.sections.map((section) => (
        <Section key={section.id} section={section} lab={lab} onChange={onChange} />
      ))}
      <section class="later" data-testid="after">
        {after === undefined ? (
          <AfterText id={lab.id} />
        ) : (
          <>
            <h2>After it holds</h2>
            <Locked
              lab={lab}
              part="after"
              until={after.until}
              testid="show-after"
              onChange={onChange}
            />
          </>
        )}
      </section>
    </article>
  )
}

/** The text between the title and the first section. */
function introOf(readme: string): string {
  return (readme.split(/^## /m, 1)[0] ?? '').replace(/^# .*\n/, '')
}

function Section({
  section: { id, title, markdown, lockedUntil },
  lab,
  onChange,
}: {
  readonly section: LabSection
  readonly lab: LabView
  readonly onChange: (lab: LabView) => void
}) {
  return (
    <section data-section={id} class={markdown === undefined ? 'locked' : ''}>
      <h2>{title}</h2>
      {markdown !== undefined ? (
        <Markdown text={markdown} />
      ) : (
        isUnlockable(id) &&
        lockedUntil !== undefined && (
          <Locked lab={lab} part={id} until={lockedUntil} onChange={onChange} />
        )
      )}
    </section>
  )
}

function isUnlockable(id: LabSection['id']): id is LabSection['id'] & UnlockableId {
  return id === 'run' || id === 'look' || id === 'explain'
}

/** When the part opens, and a way to open it now. The second press confirms: it gives something away. */
function Locked({
  lab,
  part,
  until,
  testid,
  onChange,
}: {
  readonly lab: LabView
  readonly part: UnlockableId
  readonly until: LockedUntil
  readonly testid?: string
  readonly onChange: (lab: LabView) => void
}) {
  const [asked, setAsked] = useState(false)
  const { busy, error, run } = useAction()
  return (
    <div class="lock small">
      <p class="muted">
        <span aria-hidden="true">🔒 </span>
        {opens[until]}
      </p>
      {asked ? (
        <p class="row">
          <span>It gives a part of the solution away.</span>
          <button
            class="small"
            disabled={busy}
            data-testid={testid === undefined ? undefined : `${testid}-yes`}
            onClick={() => run(async () => onChange(await api.unlock(lab.id, part)))}
          >
            Show it
          </button>
          <button class="small" onClick={() => setAsked(false)}>
            Keep it closed
          </button>
        </p>
      ) : (
        <button class="small quiet" data-testid={testid} onClick={() => setAsked(true)}>
          Show it now
        </button>
      )}
      {error !== null && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
    </div>
  )
}

function AfterText({ id }: { readonly id: string }) {
  const after = useLoaded(async () => api.after(id), id)
  if (after.error !== null) return <p class="error small">{after.error}</p>
  if (after.value === null) return <p class="empty">Loading …</p>
  return <Markdown text={after.value.text.replace(/^# .*$/m, '## After it holds')} />
}
