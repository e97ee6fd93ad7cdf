import { useState } from 'preact/hooks'

import { api } from '../data/api.ts'
import { usePageState } from '../data/page-state.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { ActiveFaultList } from '../parts/active-fault-list.tsx'
import { SandboxPicture } from '../parts/picture/sandbox-picture.tsx'
import type { Selection } from '../parts/picture/sandbox-picture.tsx'
import { SelectionPanel } from '../parts/picture/selection-panel.tsx'

/** The live sandbox beside the check: what fails while it fails. */
export function PicturePane() {
  const [selected, setSelected] = useState<Selection | null>(null)
  const faults = usePageState(({ sandbox }) => sandbox?.faults ?? [])
  const catalogue = useLoaded(api.catalogue, 'catalogue')
  return (
    <div
      class="stack live-picture"
      onKeyDown={(event) => {
        if (event.key === 'Escape') setSelected(null)
      }}
    >
      <SandboxPicture selected={selected} onSelect={setSelected} />
      {selected !== null && (
        <SelectionPanel
          selected={selected}
          catalogue={catalogue.value}
          onArmed={() => undefined}
          onClose={() => setSelected(null)}
        />
      )}
      {faults.length > 0 && (
        <section class="panel" aria-label="Active faults">
          <ActiveFaultList faults={faults} />
        </section>
      )}
    </div>
  )
}
