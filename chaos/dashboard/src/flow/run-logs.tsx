import '../live/live.css'
import { useMemo } from 'preact/hooks'

import type { RunView } from '../../../contracts/api.ts'
import { formatRunTime } from '../../../contracts/run-clock.ts'
import { readRunFile } from '../data/api.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { LogFrame, linesWith, LogText } from '../parts/log-frame.tsx'
import { VirtualList } from '../streams/virtual-list.tsx'
import { setMoment, useMoment } from './moment.ts'
import { type RunLogLine, runLogLines, runLogLinesMax } from './run-log-lines.ts'

const none: readonly RunLogLine[] = []

/** What each instance logged during a run. The list follows the moment that all views of the run show. */
export function RunLogs({ run }: { readonly run: RunView }) {
  const names = run.files.flatMap((file) => /^logs\/(.+)\.log$/.exec(file)?.[1] ?? [])
  const [first] = names
  if (first === undefined) return null
  return (
    <LogFrame
      label="Logs of the run"
      names={names}
      first={first}
      lines={(name, text) => <Lines key={name} {...{ run: run.id, name, text }} />}
    />
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
  const shown = useMemo(() => linesWith(lines, text), [lines, text])
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
              <LogText {...line} time={Number.isFinite(line.ms) ? formatRunTime(line.ms) : null} />
            </span>
          </div>
        )}
      />
    </>
  )
}
