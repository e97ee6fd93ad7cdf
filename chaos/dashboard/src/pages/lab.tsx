import '../lab/lab.css'
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'

import type { LabView } from '../../../contracts/api.ts'
import { api } from '../data/api.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { CheckPane } from '../lab/check-pane.tsx'
import { CodePane } from '../lab/code-pane.tsx'
import type { CodeHandle } from '../lab/code-pane.tsx'
import { LabHead } from '../lab/lab-head.tsx'
import {
  firstChoices,
  isShown,
  layouts,
  paneNames,
  showing,
  useLayoutName,
} from '../lab/lab-layout.ts'
import type { Choices, PaneId } from '../lab/lab-layout.ts'
import { LabPane } from '../lab/lab-pane.tsx'
import { PicturePane } from '../lab/picture-pane.tsx'
import { ReadPane } from '../lab/read-pane.tsx'
import { mustPredict, useCheck } from '../lab/use-check.ts'
import { usePaneKeys } from '../lab/use-pane-keys.ts'
import { loadedPart } from '../loaded-part.tsx'
import { TabList } from '../parts/tab-list.tsx'

/** The panels are loaded when the learner opens them. */
const DataPane = loadedPart(async () => (await import('../lab/data-pane.tsx')).DataPane)

const pollMs = 1_500

/** One lab on one page: read, predict, edit, check, watch, explain, fix. */
export function LabPage({ id }: { readonly id: string }) {
  const { lab, error, setLab } = useLab(id)
  if (lab === null)
    return error === null ? <p class="empty">Loading {id} …</p> : <p class="error">{error}</p>
  return <LoadedLab lab={lab} setLab={setLab} />
}

function useLab(id: string) {
  const loaded = useLoaded(async () => api.lab(id), id)
  const [view, setView] = useState<LabView | null>(null)
  useEffect(() => setView(loaded.value), [loaded.value])
  useEffect(() => {
    // Polls for saved files: a bind mount does not report every change.
    const timer = setInterval(() => {
      if (!document.hidden) void api.lab(id).then(setView, () => null)
    }, pollMs)
    return () => clearInterval(timer)
  }, [id])
  const setLab = useCallback((lab: LabView) => setView(lab), [])
  return { lab: view ?? loaded.value, error: loaded.error, setLab }
}

function LoadedLab({
  lab,
  setLab,
}: {
  readonly lab: LabView
  readonly setLab: (lab: LabView) => void
}) {
  const layout = useLayoutName()
  const [choices, setChoices] = useState<Choices>(firstChoices)
  const show = (pane: PaneId): void => setChoices((before) => showing(before, pane))
  const code = useRef<CodeHandle | null>(null)
  const check = useCheck(lab, {
    onChange: setLab,
    save: async () => (code.current === null ? true : code.current.flush()),
    onStart: () => {
      show('picture')
      show('check')
    },
  })
  usePaneKeys(() => code.current?.focus() ?? false)
  const checkNow = (): void => {
    if (mustPredict(lab)) show('check')
    else check.start()
  }
  const started = (next: LabView): void => {
    setLab(next)
    // The prediction is the next step. It needs the code beside it, where both have space.
    show('code')
    show('check')
  }
  const onChange = lab.files.length === 0 ? started : setLab
  const pane = { layout, choices }
  return (
    <div class={`lab-page ${layout}`}>
      <LabHead lab={lab} />
      <div class="lab-columns">
        {layouts[layout].map(({ tabs }, i) =>
          tabs.length === 1 ? null : (
            <TabList
              key={tabs.join()}
              group="lab"
              label={layout === 'one' ? 'Parts of the lab' : `Parts of the lab, column ${i + 1}`}
              class={`lab-tabs column-${i + 1}`}
              tabs={tabs.map((name) => ({ id: name, label: paneNames[name] }))}
              chosen={choices[layout][i] ?? 'read'}
              onChoose={show}
            />
          ),
        )}
        <LabPane id="read" {...pane}>
          <ReadPane lab={lab} onChange={setLab} />
        </LabPane>
        <LabPane id="code" {...pane}>
          <CodePane lab={lab} handle={code} onCheck={checkNow} onChange={onChange} />
        </LabPane>
        <LabPane id="picture" {...pane}>
          {isShown(layout, choices, 'picture') && <PicturePane />}
        </LabPane>
        <LabPane id="check" {...pane}>
          <CheckPane lab={lab} check={check} onChange={onChange} />
        </LabPane>
        <LabPane id="data" {...pane}>
          {isShown(layout, choices, 'data') && <DataPane />}
        </LabPane>
      </div>
    </div>
  )
}
