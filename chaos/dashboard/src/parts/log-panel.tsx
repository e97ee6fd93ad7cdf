import { useMemo, useState } from 'preact/hooks'

import type { LogLine } from '../../../contracts/runtime.ts'
import { describeLogLine } from '../../../report/describe-log-line.ts'
import { usePageState } from '../data/page-state.ts'
import { pin, pointAt, unpoint, useLiveMoment } from '../live/live-moment.ts'
import type { RingBuffer } from '../streams/ring-buffer.ts'
import { useStream } from '../streams/use-stream.ts'
import { VirtualList } from '../streams/virtual-list.tsx'
import { clockTime } from './clock-time.ts'
import { LogFrame, linesWith, LogText } from './log-frame.tsx'

const linesMax = 2_000

/** The live log of one instance, with a text filter. */
export function LogPanel() {
  const names = usePageState(
    (state) => state.sandbox?.instances.map((instance) => instance.name).join(' ') ?? '',
  )
  const first = usePageState((state) => state.sandbox?.system.instances[0]?.name)
  const [raw, setRaw] = useState(false)
  const controls = (
    <label class="check">
      <input
        type="checkbox"
        checked={raw}
        onChange={(event) => setRaw(event.currentTarget.checked)}
      />{' '}
      raw lines
    </label>
  )
  return (
    <LogFrame
      label="Logs"
      names={namesOf(names)}
      first={first}
      controls={controls}
      onMouseLeave={unpoint}
      lines={(name, text) =>
        name === '' ? (
          <p class="logs">The instances are not known yet.</p>
        ) : (
          <Lines key={name} {...{ name, text, raw }} />
        )
      }
    />
  )
}

function Lines(props: { readonly name: string; readonly text: string; readonly raw: boolean }) {
  const { name, text, raw } = props
  const { items, first: firstNumber } = useStream<LogLine>(name, linesMax, (lines, changed) =>
    openLog(name, lines, changed),
  )
  const shown = useMemo(
    () =>
      linesWith(
        items.map((line, i) => ({ ...line, number: firstNumber + i })),
        text,
      ),
    [items, text],
  )
  const moment = useLiveMoment()
  const epochMs = usePageState((state) => state.epochMs)
  const timeOf = epochMs === null ? null : ({ at }: LogLine) => Date.parse(at) - epochMs
  const now =
    moment === null || timeOf === null
      ? undefined
      : shown.findLast((line) => timeOf(line) <= moment.ms)?.number
  if (shown.length === 0)
    return (
      <p class="logs" tabIndex={0}>
        {text === ''
          ? `${name} has no log lines yet.`
          : `No log line of ${name} contains “${text}”.`}
      </p>
    )
  return (
    <VirtualList
      class="logs"
      label={`Log of ${name}`}
      items={shown}
      keyOf={({ number }) => number}
      estimatePx={19}
      follows
      shownKey={now}
      row={(line) => (
        <div
          class={line.number === now ? 'row-now' : ''}
          onMouseEnter={() => timeOf !== null && pointAt(timeOf(line))}
          onClick={() => timeOf !== null && pin(timeOf(line))}
        >
          <span>{raw ? line.text : <Line {...line} />}</span>
        </div>
      )}
    />
  )
}

/** Follows the log of an instance. After a break the stream starts again from its last lines. */
function openLog(name: string, lines: RingBuffer<LogLine>, changed: () => void): () => void {
  const source = new EventSource(`api/instances/${name}/logs?tail=100&follow=true`)
  source.addEventListener('open', () => {
    lines.clear()
    changed()
  })
  source.addEventListener('message', (message: MessageEvent<string>) => {
    lines.push(JSON.parse(message.data) as LogLine)
    changed()
  })
  return () => source.close()
}

function Line({ at, text }: LogLine) {
  return <LogText {...describeLogLine(text)} time={clockTime(new Date(at))} />
}

/** The names as a list; empty before the first response of the controller. */
function namesOf(names: string): readonly string[] {
  return names === '' ? [] : names.split(' ')
}
