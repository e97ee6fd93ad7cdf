import './flow.css'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'

import {
  type FlowComparison,
  type FlowMessage,
  type FlowRecord,
  flowOf,
} from '../../../contracts/flow-record.ts'
import { drawFlow, drawHeads } from '../../../report/flow-diagram/flow-diagram-svg.ts'
import { describeMessage } from '../../../report/flow-diagram/flow-facts.ts'
import type { FlowLayout } from '../../../report/flow-diagram/flow-layout.ts'
import { momentWords } from '../../../report/flow-diagram/moment-words.ts'
import { onPageStateChange } from '../data/page-state.ts'
import { momentOf, setMoment } from './moment.ts'

interface FlowDiagramProps {
  readonly drawn: FlowRecord | FlowComparison
  readonly layout: FlowLayout
  /** The run whose moment it shows and sets. */
  readonly run: string
}

/** The diagram: pointing at it sets the moment, the arrow keys go from message to message. */
export function FlowDiagramView({ drawn, layout, run }: FlowDiagramProps) {
  const record = flowOf(drawn)
  const ordered = useMemo(
    () =>
      record.messages
        .map((message, index) => ({ message, index }))
        .toSorted((a, b) => a.message.sentMs - b.message.sentMs),
    [record],
  )
  const [chosen, choose] = useState<number | null>(null)
  const svg = useMemo(() => drawFlow(layout), [layout])
  const heads = useMemo(() => drawHeads(layout), [layout])
  const holder = useRef<HTMLDivElement>(null)
  useChosen(holder, chosen, svg)
  const line = useMomentLine(run, layout)
  const goTo = (place: number): void => {
    const next = ordered[Math.min(ordered.length - 1, Math.max(0, place))]
    if (next === undefined) return
    choose(next.index)
    setMoment(run, next.message.sentMs)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = ordered.findIndex(({ index }) => index === chosen)
    const places: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowRight: at + 1,
      ArrowUp: at < 0 ? 0 : at - 1,
      ArrowLeft: at < 0 ? 0 : at - 1,
      Home: 0,
      End: ordered.length - 1,
    }
    const place = places[event.key]
    if (place === undefined) return
    event.preventDefault()
    goTo(place)
  }
  const onPointer = (event: MouseEvent): void => {
    const svgElement = holder.current?.querySelector('svg')
    if (svgElement === null || svgElement === undefined) return
    const box = svgElement.getBoundingClientRect()
    const part = partAt(layout, event.clientX - box.left)
    // The fault-free flow has a time of its own.
    if (part !== layout.parts[0]) return
    const y = event.clientY - box.top
    if (y >= layout.top - 10) setMoment(run, part.scale.msOf(y))
    const index = messageAt(event.target as Element)
    if (index !== null) choose(index)
  }
  const message = chosen === null ? undefined : record.messages[chosen]
  return (
    <div class="flow-view">
      <div
        class="flow-scroll"
        ref={holder}
        tabIndex={0}
        role="group"
        aria-label={`Diagram of ${record.title}. The arrow keys go from message to message.`}
        data-testid="flow-diagram"
        onKeyDown={onKeyDown}
        onMouseMove={onPointer}
      >
        <div class="flow-canvas" style={{ width: `${layout.width}px` }}>
          {/* The names of the lines stay visible while the diagram scrolls. The diagram escapes every text. */}
          <div class="flow-heads" aria-hidden="true" dangerouslySetInnerHTML={{ __html: heads }} />
          <div class="flow-svg" dangerouslySetInnerHTML={{ __html: svg }} />
          <div class="moment-line" ref={line} aria-hidden="true" />
        </div>
      </div>
      <MessageDetails message={message} record={record} />
    </div>
  )
}

function MessageDetails(props: {
  readonly message: FlowMessage | undefined
  readonly record: FlowRecord
}) {
  const { message, record } = props
  return (
    <p class="flow-details" role="status" data-testid="flow-message">
      {message === undefined ? (
        <span class="muted">
          Point at an arrow, or focus the diagram and press the arrow keys: the message appears
          here.
        </span>
      ) : (
        <>
          <b>{momentWords(message.sentMs)}</b> {message.from}: {describeMessage(message, record)}
        </>
      )}
    </p>
  )
}

/** The message whose arrow or name is there. */
function messageAt(element: Element): number | null {
  const arrow = element.closest('[data-message]')?.getAttribute('data-message')
  const name = element.closest('[data-of="message"]')?.getAttribute('data-index')
  const index = arrow ?? name
  return index === null || index === undefined ? null : Number(index)
}

function partAt(layout: FlowLayout, x: number): FlowLayout['parts'][number] {
  const part = layout.parts.findLast((one) => one.x <= x) ?? layout.parts[0]
  if (part === undefined) throw new Error('A diagram has at least one flow.')
  return part
}

/** Marks the chosen message in the drawing, and scrolls to it. */
function useChosen(
  holder: { readonly current: HTMLDivElement | null },
  chosen: number | null,
  svg: string,
): void {
  useEffect(() => {
    const old = holder.current?.querySelector('.message.chosen')
    old?.classList.remove('chosen')
    const next = holder.current?.querySelector(`[data-message="${chosen ?? ''}"]`)
    next?.classList.add('chosen')
    if (document.activeElement === holder.current)
      next?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [chosen, svg])
}

/** Moves the line of the moment without drawing the diagram again. */
function useMomentLine(run: string, layout: FlowLayout) {
  const line = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const [part] = layout.parts
    const place = (): void => {
      const ms = momentOf(run)
      if (line.current === null || part === undefined) return
      line.current.hidden = ms === null
      if (ms === null) return
      line.current.style.top = `${part.scale.yOf(ms)}px`
      line.current.style.width = `${part.width}px`
    }
    place()
    return onPageStateChange(place)
  }, [run, layout])
  return line
}
