import '../live/live.css'
import { useMemo, useState } from 'preact/hooks'

import type { RunView } from '../../../contracts/api.ts'
import { formatRunTime } from '../../../contracts/run-clock.ts'
import { readRunFile } from '../data/api.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { VirtualList } from '../streams/virtual-list.tsx'
import { setMoment, useMoment } from './moment.ts'
import { type RunLogLine, runLogLines, runLogLinesMax } from './run-log-lines.ts'

const none: readonly RunLogLine[] = []

/** What each instance logged during a run. The list follows the moment that all views of the run show. */
export function RunLogs({ run }: { readonly run: RunView }) {
  const names = run.files.flatMap((file) => /^logs\/(.+)\.log$/.exec(file)?.[1] ?? [])
  const [chosen, setName] = useState<string | null>(null)
  const [text, setText] = useState('')
  const name = chosen ?? names[0]
  if (name === undefined) return null
  return (
    <section class="panel" aria-label="Logs of the run">
      <header>
        <h2>Logs</h2>
        <div class="tabs" role="tablist" aria-label="Instance">
          {names.map((item) => (
            <button
              key={item}
              role="tab"
              aria-selected={item === name}
              onClick={() => setName(item)}
            >
              {item}
            </button>
          ))}
        </div>
      </header>
      <div class="form" style={{ marginBottom: '0.5rem' }}>
        <input
          type="text"
          placeholder="Filter lines by a text, for example the key of a request"
          aria-label="Filter lines by a text"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <Lines key={name} {...{ run: run.id, name, text }} />
    </section>
  )
}

function Lines(props: { readonly run: string; readonly name: string; readonly text: string }) {
  const { run, name, text } = props
  const { value, error } = useLoaded(
    async () => runLogLines(await readRunFile(run, `logs/${name}.log`)),
    `${run} ${name}`,
  )
  const moment = useMoment(run)
  const lines = value ?? none
  const shown = useMemo(() => {
    const wanted = text.toLowerCase()
    return text === '' ? lines : lines.filter((line) => line.text.toLowerCase().includes(wanted))
  }, [lines, text])
  if (error !== null) return <p class="error">{error}</p>
  if (value === null) return <p class="empty">Loading the log …</p>
  if (shown.length === 0)
    return (
      <p class="empty">
        {text === '' ? `${name} logged nothing.` : `No log line of ${name} contains “${text}”.`}
      </p>
    )
  const now = moment === null ? undefined : shown.findLast(({ ms }) => ms <= moment)?.number
  return (
    <>
      {(lines[0]?.number ?? 0) > 0 && (
        <p class="small muted">
          The last {runLogLinesMax} lines. logs/{name}.log has all of them.
        </p>
      )}
      <VirtualList
        class="logs"
        label={`Log of ${name} in this run`}
        items={shown}
        keyOf={({ number }) => number}
        estimatePx={19}
        shownKey={now}
        row={(line) => (
          <div
            class={line.number === now ? 'row-now' : ''}
            onMouseEnter={() => {
              if (Number.isFinite(line.ms)) setMoment(run, line.ms)
            }}
          >
            <span>
              {Number.isFinite(line.ms) && <time>{formatRunTime(line.ms)}</time>}{' '}
              {line.level !== null && <b class={line.level}>{line.level.padEnd(5)} </b>}
              {line.text}
            </span>
          </div>
        )}
      />
    </>
  )
}
