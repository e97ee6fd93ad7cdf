import { useEffect, useRef, useState } from 'preact/hooks'

import type { LogLine } from '../../../contracts/runtime.ts'
import { describeLogLine } from '../../../report/describe-log-line.ts'
import { usePageState } from '../data/page-state.ts'
import { clockTime } from './clock-time.ts'

const linesMax = 500

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
  const [lines, setLines] = useState<readonly LogLine[]>([])
  const box = useRef<HTMLPreElement>(null)
  useEffect(() => {
    setLines([])
    if (name === undefined) return
    const source = new EventSource(`/api/instances/${name}/logs?tail=100&follow=true`)
    source.addEventListener('message', (message: MessageEvent<string>) => {
      const line = JSON.parse(message.data) as LogLine
      setLines((before) => [...before.slice(-linesMax), line])
    })
    return () => source.close()
  }, [name])
  useEffect(() => {
    box.current?.scrollTo(0, box.current.scrollHeight)
  }, [lines])
  const shown = lines.filter(
    (line) => text === '' || line.text.toLowerCase().includes(text.toLowerCase()),
  )
  return (
    <section class="panel" aria-label="Logs">
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
      <pre class="logs" ref={box} tabIndex={0}>
        {shown.length === 0
          ? text === ''
            ? `${name ?? 'The instance'} has no log lines yet.`
            : `No log line of ${name ?? 'the instance'} contains “${text}”.`
          : raw
            ? shown.map((line) => line.text).join('\n')
            : shown.map((line, i) => <Line key={i} {...line} />)}
      </pre>
    </section>
  )
}

function Line({ at, text: written }: LogLine) {
  const { level, text } = describeLogLine(written)
  return (
    <>
      <time>{clockTime(new Date(at))}</time>{' '}
      {level !== null && <b class={level}>{level.padEnd(5)} </b>}
      {text}
      {'\n'}
    </>
  )
}

/** The names as a list; empty before the first response of the controller. */
function namesOf(names: string): readonly string[] {
  return names === '' ? [] : names.split(' ')
}
