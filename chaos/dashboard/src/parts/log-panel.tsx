import { useMemo, useState } from 'preact/hooks'

import type { LogLine } from '../../../contracts/runtime.ts'
import { describeLogLine } from '../../../report/describe-log-line.ts'
import { usePageState } from '../data/page-state.ts'
import { pin, pointAt, unpoint, useLiveMoment } from '../live/live-moment.ts'
import type { RingBuffer } from '../streams/ring-buffer.ts'
import { useStream } from '../streams/use-stream.ts'
import { VirtualList } from '../streams/virtual-list.tsx'
import { clockTime } from './clock-time.ts'

const linesMax = 2_000

/** The live log of one instance, with a text filter. */
export function LogPanel() {
  const names = usePageState(
    (state) => state.sandbox?.instances.map((instance) => instance.name).join(' ') ?? '',
  )
  const first = usePageState((state) => state.sandbox?.system.instances[0]?.name)
  const [chosen, setName] = useState<string | null>(null)
  const name = chosen ?? first
  const [text, setText] = useState('')
  const [raw, setRaw] = useState(false)
  const { items, first: firstNumber } = useStream<LogLine>(name ?? '', linesMax, (lines, changed) =>
    openLog(name, lines, changed),
  )
  const shown = useMemo(() => {
    const numbered = items.map((line, i) => ({ line, number: firstNumber + i }))
    if (text === '') return numbered
    const wanted = text.toLowerCase()
    return numbered.filter(({ line }) => line.text.toLowerCase().includes(wanted))
  }, [items, text])
  const moment = useLiveMoment()
  const epochMs = usePageState((state) => state.epochMs)
  const timeOf = epochMs === null ? null : ({ at }: LogLine) => Date.parse(at) - epochMs
  const now =
    moment === null || timeOf === null
      ? undefined
      : shown.findLast(({ line }) => timeOf(line) <= moment.ms)?.number
  return (
    <section class="panel" aria-label="Logs" onMouseLeave={unpoint}>
      <header>
        <h2>Logs</h2>
        <div class="tabs" role="tablist" aria-label="Instance">
          {namesOf(names).map((item) => (
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
        <label class="check">
          <input
            type="checkbox"
            checked={raw}
            onChange={(event) => setRaw(event.currentTarget.checked)}
          />{' '}
          raw lines
        </label>
      </div>
      {shown.length === 0 ? (
        <p class="logs" tabIndex={0}>
          {text === ''
            ? `${name ?? 'The instance'} has no log lines yet.`
            : `No log line of ${name ?? 'the instance'} contains “${text}”.`}
        </p>
      ) : (
        <VirtualList
          key={name}
          class="logs"
          label={`Log of ${name ?? 'the instance'}`}
          items={shown}
          keyOf={({ number }) => number}
          estimatePx={19}
          follows
          shownKey={now}
          row={({ line, number }) => (
            <div
              class={number === now ? 'row-now' : ''}
              onMouseEnter={() => timeOf !== null && pointAt(timeOf(line))}
              onClick={() => timeOf !== null && pin(timeOf(line))}
            >
              <span>{raw ? line.text : <Line {...line} />}</span>
            </div>
          )}
        />
      )}
    </section>
  )
}

/** Follows the log of an instance. After a break the stream starts again from its last lines. */
function openLog(
  name: string | undefined,
  lines: RingBuffer<LogLine>,
  changed: () => void,
): () => void {
  if (name === undefined) return () => undefined
  const source = new EventSource(`/api/instances/${name}/logs?tail=100&follow=true`)
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

function Line({ at, text: written }: LogLine) {
  const { level, text } = describeLogLine(written)
  return (
    <>
      <time>{clockTime(new Date(at))}</time>{' '}
      {level !== null && <b class={level}>{level.padEnd(5)} </b>}
      {text}
    </>
  )
}

/** The names as a list; empty before the first response of the controller. */
function namesOf(names: string): readonly string[] {
  return names === '' ? [] : names.split(' ')
}
