import './gameday.css'
import { useEffect, useState } from 'preact/hooks'

import type { GamedayView } from '../../../contracts/gameday/gameday-view.ts'
import { clockTime } from '../../../gameday/clock-time.ts'
import { api } from '../data/api.ts'
import { usePageState } from '../data/page-state.ts'
import { usePageFacts } from '../health/use-page-facts.ts'
import { useAction } from '../hooks/use-action.ts'
import { useWorkshopTurn } from '../workshop/use-workshop.ts'
import { ActionForm } from './action-form.tsx'
import { AnswerForm } from './answer-form.tsx'

const pollMs = 1_000
const idlePollMs = 8_000

/** The game day: its clock, the form for answers, the mitigations, and a link to the debrief. */
export function GamedayPanel() {
  const isLive = usePageState(({ connection }) => connection === 'live')
  const [view, setView] = useState<GamedayView | null>(null)
  const isRunning = view?.state === 'running'
  // A workshop's host begins and ends incidents, too.
  const turn = useWorkshopTurn()
  useEffect(() => {
    if (!isLive) return
    let current = true
    let isReading = false
    const read = async (): Promise<void> => {
      // One request at a time: an older response must not replace a newer one.
      if (document.hidden || isReading) return
      isReading = true
      const next = await api.gameday().catch(() => undefined)
      isReading = false
      if (current && next !== undefined) setView(next)
    }
    void read()
    const timer = setInterval(() => void read(), isRunning ? pollMs : idlePollMs)
    return () => {
      current = false
      clearInterval(timer)
    }
  }, [isLive, isRunning, turn])
  return (
    <section class="panel stack gameday" aria-label="Game day" data-testid="gameday">
      <header class="row" style={{ margin: 0 }}>
        <h2 style={{ flex: 1 }}>Game day</h2>
        {isRunning && <StopButton />}
      </header>
      {isRunning ? (
        <Running view={view} onView={setView} />
      ) : (
        <Start view={view} onView={setView} />
      )}
    </section>
  )
}

interface PartProps<View> {
  readonly view: View
  readonly onView: (view: GamedayView) => void
}

function Start({ view, onView }: PartProps<GamedayView | null>) {
  const blocked = usePageFacts((facts) => facts.faultsBlocked)
  const { busy, error, run } = useAction()
  return (
    <>
      {view !== null && (
        <p role="status">
          The last game day (seed {view.seed}){' '}
          {view.state === 'ended' ? 'has ended' : 'was stopped'}.{' '}
          {view.closed.length > 0 && (
            <a href="api/gameday/debrief.html" target="_blank" rel="noreferrer">
              Open the debrief
            </a>
          )}
        </p>
      )}
      <p class="muted small">
        Four incidents that nothing names. In some of them nothing is wrong. The shop is restored
        first.
      </p>
      <div class="row">
        <button
          disabled={busy || blocked !== null}
          title={blocked ?? undefined}
          data-testid="start-gameday"
          onClick={() => run(async () => onView(await api.startGameday({})))}
        >
          Start a game day
        </button>
      </div>
      {error !== null && (
        <p class="error small" role="alert">
          {error}
        </p>
      )}
    </>
  )
}

function StopButton() {
  const { busy, error, run } = useAction()
  return (
    <>
      {error !== null && (
        <span class="error small" role="alert">
          {error}
        </span>
      )}
      <button class="small quiet" disabled={busy} onClick={() => run(api.stopGameday)}>
        Stop
      </button>
    </>
  )
}

function Running({ view, onView }: PartProps<GamedayView>) {
  const { open, incidents, closed, seed } = view
  if (open === null)
    return (
      <p role="status">
        Seed {seed}. {closed.length} of {incidents} incidents have closed. Wait for the next one.
      </p>
    )
  if (open.state !== 'open')
    return (
      <p role="status">
        Incident {open.number}:{' '}
        {open.state === 'judging'
          ? 'the checks judge your actions.'
          : 'it is repeated, and your actions are repeated.'}
      </p>
    )
  return (
    <>
      <p>
        <span class="clock" aria-label="Time since the incident opened">
          {clockTime(open.openForMs)}
        </span>{' '}
        <span class="muted">
          of {clockTime(open.limitMs)}, incident {open.number} of {incidents}, seed {seed}
        </span>
      </p>
      <AnswerForm key={open.number} view={view} open={open} onView={onView} />
      <ActionForm view={view} open={open} />
    </>
  )
}
