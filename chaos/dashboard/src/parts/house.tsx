import type { InstanceStatus } from '../../../contracts/runtime.ts'
import { useStore } from '../data/store.ts'
import { rooms, roomSize, view, wires, type Room, type Wire } from './house-layout.ts'
import { lookOf } from './link-look.ts'
import { Restore } from './restore.tsx'
import { TrafficSwitch } from './traffic.tsx'

export interface Selection {
  readonly kind: 'link' | 'instance'
  readonly name: string
}

/** The house as a picture: instances are rooms, links are lines that carry the live traffic. */
export function House(props: {
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
        <Restore />
      </header>
      <div class="scroll">
        <svg
          viewBox={`0 ${view.top} ${view.width} ${view.height}`}
          role="group"
          aria-label="Instances and links"
        >
          {wires.map((wire) => (
            <WireShape key={wire.name} wire={wire} {...props} />
          ))}
          {rooms.map((room) => (
            <RoomShape key={room.name} room={room} {...props} />
          ))}
        </svg>
      </div>
    </section>
  )
}

interface ShapeProps {
  readonly selected: Selection | null
  readonly onSelect: (selection: Selection) => void
}

function WireShape({ wire, selected, onSelect }: ShapeProps & { readonly wire: Wire }) {
  const link = useStore((state) => state.sandbox?.links.find((item) => item.name === wire.name))
  const faults = useStore((state) => state.sandbox?.faults)
  const traffic = useStore((state) => {
    return state.bytesPerSecond.get(wire.name) ?? 0
  })
  const { look, label } =
    link === undefined ? { look: 'plain', label: null } : lookOf(link, faults ?? [])
  const width = 1.5 + Math.min(6, Math.log2(1 + traffic / 1_000) * 0.75)
  const chosen = selected?.kind === 'link' && selected.name === wire.name
  const choose = (): void => onSelect({ kind: 'link', name: wire.name })
  return (
    <g
      class={`wire ${look} ${chosen ? 'selected' : ''}`}
      role="button"
      tabIndex={0}
      aria-label={`Link ${wire.name}${label === null ? '' : `, ${label}`}`}
      aria-pressed={chosen}
      onClick={choose}
      onKeyDown={(event) => (event.key === 'Enter' || event.key === ' ') && choose()}
    >
      <title>{wire.name}</title>
      <path class="line" d={wire.path} stroke-width={width} />
      {look === 'plain' && traffic > 0 && (
        <path class="flow" d={wire.path} stroke-width={Math.max(2, width * 0.6)} />
      )}
      <path class="hit" d={wire.path} />
      {label !== null && <Tag text={label} x={wire.middle.x} y={wire.middle.y} />}
    </g>
  )
}

function Tag({ text, x, y }: { readonly text: string; readonly x: number; readonly y: number }) {
  const width = text.length * 8.6 + 20
  return (
    <g class="tag">
      <rect x={x - width / 2} y={y - 13} width={width} height={26} rx={13} />
      <text x={x} y={y + 5}>
        {text}
      </text>
    </g>
  )
}

function RoomShape({ room, selected, onSelect }: ShapeProps & { readonly room: Room }) {
  const status = useStore((state) =>
    state.sandbox?.instances.find((item) => item.name === room.name),
  )
  const chosen = selected?.kind === 'instance' && selected.name === room.name
  const choose = (): void => {
    if (room.kind !== 'client') onSelect({ kind: 'instance', name: room.name })
  }
  const { text, look } =
    room.kind === 'client' ? { text: 'the outside world', look: '' } : stateOf(status)
  const x = room.x - roomSize.width / 2
  const y = room.y - roomSize.height / 2
  return (
    <g
      class={`room ${room.kind} ${look} ${chosen ? 'selected' : ''}`}
      {...(room.kind === 'client' ? {} : { role: 'button', tabIndex: 0 })}
      aria-label={`${room.name}: ${text}`}
      onClick={choose}
      onKeyDown={(event) => (event.key === 'Enter' || event.key === ' ') && choose()}
    >
      <rect x={x} y={y} width={roomSize.width} height={roomSize.height} rx={10} />
      <text x={room.x} y={room.y - 3}>
        {room.name}
      </text>
      <text class="state" x={room.x} y={room.y + 22}>
        {text}
      </text>
    </g>
  )
}

function stateOf(status: InstanceStatus | undefined): {
  readonly text: string
  readonly look: string
} {
  switch (status?.state) {
    case undefined:
      return { text: '…', look: '' }
    case 'ready':
      return {
        text: status.restarts > 0 ? `● ready, ${status.restarts}× restarted` : '● ready',
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
