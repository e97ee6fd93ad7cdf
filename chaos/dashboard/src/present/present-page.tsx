import './present.css'
import { useEffect, useRef } from 'preact/hooks'

import { usePageState } from '../data/page-state.ts'
import { KeyList } from './key-list.tsx'
import { actionOfKey } from './keys.ts'
import { PresentBar } from './present-bar.tsx'
import { sentenceOf } from './sentence.ts'
import { StageChart } from './stage-chart.tsx'
import { StagePicture } from './stage-picture.tsx'
import { withHiddenFaults } from './stage.ts'
import { type Present, usePresent } from './use-present.ts'
import { useSize } from './use-size.ts'

/**
 * The presenter view: the picture, one chart and one sentence, for a projector. `#/present/hidden` begins with hidden faults.
 */
export function PresentPage({ isHidden }: { readonly isHidden: boolean }) {
  const system = usePageState(({ sandbox }) => sandbox?.system)
  const present = usePresent(isHidden)
  const { state, stage } = present
  const help = useRef<HTMLDialogElement>(null)
  useKeys(present, () => help.current?.showModal())
  const picture = useSize<HTMLDivElement>()
  const chart = useSize<HTMLDivElement>()
  const shown = state.isHidden ? withHiddenFaults(stage) : stage
  const sentence = sentenceOf(stage, system?.operations ?? [])
  const isLive = state.atMs === null
  return (
    <main class={`stage ${sentence.tone} ${isLive ? '' : 'frozen'}`} id="content">
      <h1 class="unseen">Presenter view</h1>
      <Sentence text={sentence.text} tone={sentence.tone} present={present} />
      <div class="stage-row" ref={picture.ref}>
        {system !== undefined && picture.size !== null && (
          <StagePicture
            stage={shown}
            system={system}
            tone={sentence.tone}
            isLive={isLive}
            size={picture.size}
          />
        )}
      </div>
      <section class="stage-row" ref={chart.ref} aria-label="Requests">
        <ChartKey />
        {chart.size !== null && (
          <StageChart stage={shown} markers={state.markers} isLive={isLive} size={chart.size} />
        )}
      </section>
      <PresentBar present={present} onHelp={() => help.current?.showModal()} />
      <KeyList dialog={help} />
    </main>
  )
}

const marks = { good: '✓', slow: '◷', bad: '▲', out: '✕', unsure: '?' } as const

function Sentence(props: {
  readonly text: string
  readonly tone: keyof typeof marks
  readonly present: Present
}) {
  const { atMs } = props.present.state
  return (
    <header class="sentence">
      <p data-testid="sentence">
        <span class="mark" aria-hidden="true">
          {marks[props.tone]}
        </span>
        {props.text}
      </p>
      <Moment atMs={atMs} nowMs={props.present.nowMs} />
      {/* Screen readers hear a change of the state, and not each new figure. */}
      <span class="unseen" role="status">
        {toneWords[props.tone]}
      </span>
    </header>
  )
}

const toneWords = {
  good: 'Every request succeeds',
  slow: 'Requests are slow',
  bad: 'Some requests fail',
  out: 'No request succeeds',
  unsure: 'No figures about customers',
} as const

/** Whether the stage is live. A past moment must not look like the current one. */
function Moment({ atMs, nowMs }: { readonly atMs: number | null; readonly nowMs: number }) {
  if (atMs === null) return <span class="moment">● live</span>
  const ago = Math.max(0, (nowMs - atMs) / 1_000)
  const at = new Date(Date.now() - (nowMs - atMs)).toTimeString().slice(0, 8)
  return (
    <span class="moment past" data-testid="moment">
      ❚❚ {at}, {ago < 100 ? `${ago.toFixed(0)} s` : `${(ago / 60).toFixed(1)} min`} ago
    </span>
  )
}

function ChartKey() {
  return (
    <div class="stage-key" aria-hidden="true">
      <b>Requests per second</b>
      <span class="ok">■ succeeded or refused</span>
      <span class="unknown">▨ result unknown</span>
      <span class="fail">▧ failed</span>
    </div>
  )
}

/** In this view the keys belong to the presenter: those that open other pages do not act. */
function useKeys(present: Present, showHelp: () => void): void {
  const latest = useRef(present)
  latest.current = present
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (document.querySelector('dialog[open]') !== null) return
      const isButton = event.target instanceof HTMLButtonElement
      // A focused button keeps its own key.
      if (isButton && (event.key === ' ' || event.key === 'Enter')) return
      const action = actionOfKey(event.key, event.shiftKey)
      if (action === null) return
      event.preventDefault()
      event.stopPropagation()
      run(action, latest.current, showHelp)
    }
    // On the way down, before the shortcuts of the other pages.
    window.addEventListener('keydown', listener, true)
    return () => window.removeEventListener('keydown', listener, true)
  }, [])
}

function run(
  action: NonNullable<ReturnType<typeof actionOfKey>>,
  { state, stage, act }: Present,
  showHelp: () => void,
): void {
  switch (action.type) {
    case 'mark-here':
      return act({ type: 'mark', stage })
    case 'toggle-faults':
      return act({ type: state.isHidden ? 'reveal' : 'hide' })
    case 'full-screen':
      return toggleFullScreen()
    case 'leave':
      location.hash = '#/sandbox'
      return undefined
    case 'help':
      return showHelp()
    default:
      return act(action)
  }
}

function toggleFullScreen(): void {
  // A browser may refuse it. The view then stays as it is.
  const change =
    document.fullscreenElement === null
      ? document.documentElement.requestFullscreen()
      : document.exitFullscreen()
  change.catch(() => undefined)
}
