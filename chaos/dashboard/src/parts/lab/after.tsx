import { useEffect, useState } from 'preact/hooks'

import type { LabView } from '../../../../contracts/api.ts'
import { api } from '../../data/api.ts'
import { useLoaded } from '../../hooks/use-loaded.ts'
import { Markdown } from '../markdown.tsx'

/** What gives the solution away: shown after a held verdict, or on request. */
export function LabAfter({ lab }: { readonly lab: LabView }) {
  const [wanted, setWanted] = useState(false)
  useEffect(() => setWanted(false), [lab.id])
  if (lab.state === 'held' || wanted) return <AfterText id={lab.id} />
  const show = async (): Promise<void> => {
    await api.unlock(lab.id, 'after')
    setWanted(true)
  }
  return (
    <p class="later">
      <button data-testid="show-after" onClick={() => void show()}>
        Show what gives the solution away
      </button>
    </p>
  )
}

function AfterText({ id }: { readonly id: string }) {
  const after = useLoaded(() => api.after(id), id)
  if (after.error !== null) return <p class="error small">{after.error}</p>
  if (after.value === null) return <p class="empty">Loading …</p>
  return (
    <section class="later" data-testid="after">
      <Markdown text={after.value.text} />
    </section>
  )
}
