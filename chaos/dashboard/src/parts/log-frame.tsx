import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'

import { panelIdOf, tabIdOf, TabList } from './tab-list.tsx'

interface LogFrameProps {
  readonly label: string
  /** The instances with a log. */
  readonly names: readonly string[]
  /** The one that is chosen at first. */
  readonly first: string | undefined
  /** More controls, beside the text filter. */
  readonly controls?: ComponentChildren
  readonly onMouseLeave?: () => void
  /** The lines of one instance that contain a text; all of them without one. */
  readonly lines: (name: string, text: string) => ComponentChildren
}

const group = 'log'

/** The logs of several instances: tabs choose one, a text filters its lines. */
export function LogFrame({ label, names, first, controls, onMouseLeave, lines }: LogFrameProps) {
  const [chosen, setChosen] = useState<string | null>(null)
  const [text, setText] = useState('')
  const name = chosen ?? first ?? ''
  return (
    <section class="panel" aria-label={label} onMouseLeave={onMouseLeave}>
      <header>
        <h2>Logs</h2>
        <TabList
          group={group}
          label="Instance"
          tabs={names.map((id) => ({ id, label: id }))}
          chosen={name}
          onChoose={setChosen}
        />
      </header>
      <div class="form" style={{ marginBottom: '0.5rem' }}>
        <input
          type="text"
          placeholder="Filter lines by a text, for example the key of a request"
          aria-label="Filter lines by a text"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        {controls}
      </div>
      <div id={panelIdOf(group, name)} role="tabpanel" aria-labelledby={tabIdOf(group, name)}>
        {lines(name, text)}
      </div>
    </section>
  )
}

/** The lines that contain a text, in upper or lower case. */
export function linesWith<Line extends { readonly text: string }>(
  lines: readonly Line[],
  text: string,
): readonly Line[] {
  const wanted = text.toLowerCase()
  return text === '' ? lines : lines.filter((line) => line.text.toLowerCase().includes(wanted))
}

/** One line. */
export function LogText(props: {
  readonly time: string | null
  readonly level: string | null
  readonly text: string
}) {
  const { time, level, text } = props
  return (
    <>
      {time !== null && <time>{time}</time>}{' '}
      {level !== null && <b class={level}>{level.padEnd(5)} </b>}
      {text}
    </>
  )
}
