import { useLayoutEffect, useRef } from 'preact/hooks'

import type { InstanceStatus } from '../../../../contracts/runtime.ts'
import { usePageState } from '../../data/page-state.ts'
import { RestoreButton } from '../restore-button.tsx'
import { TrafficSwitch } from '../traffic-switch.tsx'
import { type DrawnLook, lookOfLink } from './link-look.ts'
import { boxes, boxSize, layout, drawnLinks, type Box, type DrawnLink } from './picture-layout.ts'

export interface Selection {
  readonly kind: 'link' | 'instance'
  readonly name: string
}

/** The house as a picture: instances are rooms, links are lines that carry the live traffic. */
export function SandboxPicture(props: {
  readonly selected: Selection | null
  readonly onSelect: (selection: Selection) => void
}) {
  return (
    <section class="panel house" aria-label="The shop">
      <header>
        <h2>The shop</h2>
        <span class="hint">Click a room or a line to see it, slow it, cut it, kill it</span>
        <span class="space" />
        <TrafficSwitch />
        <RestoreButton />
      </header>
      <div class="scroll">
        <svg
          viewBox={`0 ${layout.top} ${layout.width} ${layout.height}`}
          role="group"
          aria-label="Instances and links"
        >
          {drawnLinks.map((wire) => (
            <LinkShape key={wire.name} wire={wire} {...props} />
          ))}
          {boxes.map((room) => (
            <BoxShape key={room.name} room={room} {...props} />
          ))}
          {/* Above all lines: none may strike through a word. */}
          {drawnLinks.map((wire) => (
            <LinkLabel key={wire.name} wire={wire} />
          ))}
        </svg>
      </div>
    </section>
  )
}

/** As a button does it: the space bar would scroll the page. */
function onPress(act: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    act()
  }
}

interface ShapeProps {
  readonly selected: Selection | null
  readonly onSelect: (selection: Selection) => void
}

function LinkShape({ wire, selected, onSelect }: ShapeProps & { readonly wire: DrawnLink }) {
  const traffic = usePageState((state) => state.bytesPerSecond.get(wire.name) ?? 0)
  const lost = usePageState((state) => state.connection === 'lost')
  const { look, label } = useLook(wire)
  const width = (look === 'plain' ? 1.5 : 3) + Math.min(6, Math.log2(1 + traffic / 1_000) * 0.75)
  const chosen = selected?.kind === 'link' && selected.name === wire.name
  const choose = (): void => onSelect({ kind: 'link', name: wire.name })
  return (
    <g
      class={`wire ${look} ${chosen ? 'selected' : ''}`}
      role="button"
      // In an SVG the name of an attribute is taken as it is written: `tabIndex` would be none.
      tabindex={0}
      data-name={wire.name}
      aria-label={`Link ${wire.name}${label === null ? '' : `, ${label}`}`}
      aria-pressed={chosen}
      onClick={choose}
      onKeyDown={onPress(choose)}
    >
      <title>{wire.name}</title>
      <path class="line" d={wire.path} stroke-width={width} />
      {look === 'plain' && traffic > 0 && !lost && (
        <path class="flow" d={wire.path} stroke-width={Math.max(2, width * 0.6)} />
      )}
      <path class="hit" d={wire.path} />
    </g>
  )
}

function useLook(wire: DrawnLink): DrawnLook {
  const link = usePageState((state) => state.sandbox?.links.find((item) => item.name === wire.name))
  const faults = usePageState((state) => state.sandbox?.faults)
  return link === undefined ? { look: 'plain', label: null } : lookOfLink(link, faults ?? [])
}

/** In a word what is wrong with a link. */
function LinkLabel({ wire }: { readonly wire: DrawnLink }) {
  const { look, label } = useLook(wire)
  const { x, y } = wire.middle
  const words = useRef<SVGTextElement>(null)
  const ground = useRef<SVGRectElement>(null)
  // Fonts differ from machine to machine: only the browser knows how wide the words are.
  useLayoutEffect(() => {
    const width = (words.current?.getComputedTextLength() ?? 0) + 22
    ground.current?.setAttribute('x', String(x - width / 2))
    ground.current?.setAttribute('width', String(width))
  }, [label, x])
  if (label === null) return null
  return (
    <g class={`tag ${look}`} aria-hidden="true">
      <rect ref={ground} y={y - 16} height={32} rx={16} />
      <text ref={words} x={x} y={y + 6}>
        {label}
      </text>
    </g>
  )
}

function BoxShape({ room, selected, onSelect }: ShapeProps & { readonly room: Box }) {
  const status = usePageState((state) =>
    state.sandbox?.instances.find((item) => item.name === room.name),
  )
  const lost = usePageState((state) => state.connection === 'lost')
  const chosen = selected?.kind === 'instance' && selected.name === room.name
  const choose = (): void => {
    if (room.kind !== 'client') onSelect({ kind: 'instance', name: room.name })
  }
  const { text, look } =
    room.kind === 'client' ? { text: 'outside world', look: '' } : stateOf(status, lost)
  const x = room.x - boxSize.width / 2
  const y = room.y - boxSize.height / 2
  return (
    <g
      class={`room ${room.kind} ${look} ${chosen ? 'selected' : ''}`}
      {...(room.kind === 'client' ? {} : { role: 'button', tabindex: 0 })}
      data-name={room.name}
      aria-label={`${room.name}: ${text.replace('↻', 'restarted')}`}
      onClick={choose}
      onKeyDown={onPress(choose)}
    >
      <rect x={x} y={y} width={boxSize.width} height={boxSize.height} rx={10} />
      <text x={room.x} y={room.y - 5}>
        {room.name}
      </text>
      <text class="state" x={room.x} y={room.y + 25}>
        {text}
      </text>
    </g>
  )
}

/** `lost`: the controller does not answer, so nobody here knows. */
function stateOf(
  status: InstanceStatus | undefined,
  lost: boolean,
): { readonly text: string; readonly look: string } {
  if (lost) return { text: '? not known', look: 'unsure' }
  switch (status?.state) {
    case undefined:
      return { text: '…', look: '' }
    case 'ready':
      return {
        text: status.restarts > 0 ? `● ready, ↻ ${status.restarts}` : '● ready',
        look: 'ready',
      }
    case 'paused':
      return { text: '❚❚ paused', look: 'paused' }
    case 'starting':
      return { text: '◌ starting', look: 'unready' }
    case 'unready':
      return { text: '◍ not ready', look: 'unready' }
    case 'exited':
    case 'absent':
      return { text: '✕ dead', look: 'dead' }
  }
}
