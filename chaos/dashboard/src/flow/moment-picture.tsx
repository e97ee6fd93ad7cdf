import { useLayoutEffect, useMemo, useRef } from 'preact/hooks'

import type { FlowRecord } from '../../../contracts/flow-record.ts'
import type { InstanceState } from '../../../contracts/runtime.ts'
import {
  flowPlace,
  type FlowPosition,
  flowPositions,
  type MomentState,
} from '../../../report/state-at.ts'
import { usePageState } from '../data/page-state.ts'
import {
  type Box,
  type DrawnLink,
  layOut,
  type PictureLayout,
} from '../parts/picture/picture-layout.ts'

/** The system at a moment of a run: what the events say about its parts, and the messages of the flow that are in flight. */
export function MomentPicture(props: {
  readonly state: MomentState
  readonly flow: FlowRecord | null
}) {
  const { state, flow } = props
  const system = usePageState(({ sandbox }) => sandbox?.system)
  const picture = useMemo(() => (system === undefined ? null : layOut(system)), [system])
  if (picture === null) return <p class="empty">Loading the system …</p>
  const positions = flow === null ? [] : flowPositions(flow, state.ms)
  const place = flow === null || positions.length > 0 ? null : flowPlace(flow, state.ms)
  return (
    <div
      class="picture moment-picture"
      tabIndex={0}
      role="region"
      aria-label="The system at this moment"
    >
      <svg
        viewBox={`0 0 ${picture.width} ${picture.height}`}
        role="img"
        aria-label={inWords(state, positions, place)}
      >
        {picture.links.map((link) => (
          <MomentLink key={link.name} link={link} state={state} isUsed={isUsed(link, positions)} />
        ))}
        {picture.boxes.map((box) => (
          <MomentBox key={box.name} {...{ box, picture, state, isHere: box.name === place }} />
        ))}
        {positions.map((position) => (
          <Messenger
            key={`${position.message.exchange} ${position.message.part}`}
            {...{ position, picture }}
          />
        ))}
      </svg>
    </div>
  )
}

function isUsed({ name }: DrawnLink, positions: readonly FlowPosition[]): boolean {
  return positions.some(({ message }) => message.link === name)
}

function MomentLink(props: {
  readonly link: DrawnLink
  readonly state: MomentState
  readonly isUsed: boolean
}) {
  const { link, state, isUsed } = props
  const fault = state.links.get(link.name)
  const look = fault === undefined ? 'plain' : (fault.look ?? 'faulty')
  const { x, y } = link.middle
  const width = (fault?.label.length ?? 0) * 11 + 24
  return (
    <g class={`link ${look} ${isUsed ? 'used' : ''}`}>
      <path class="line" d={link.path} stroke-width={fault === undefined ? 2 : 3} />
      {fault !== undefined && (
        <g class={`link-label ${look}`}>
          <rect x={x - width / 2} y={y - 16} width={width} height={32} rx={16} />
          <text x={x} y={y + 6}>
            {fault.label}
          </text>
        </g>
      )}
    </g>
  )
}

const words = {
  ready: '',
  paused: '❚❚ paused',
  starting: '◌ starting',
  unready: '◍ not ready',
  exited: '✕ not running',
  absent: '○ stopped',
} as const satisfies Record<InstanceState, string>

const looks = {
  ready: '',
  paused: 'paused',
  starting: 'unready',
  unready: 'unready',
  exited: 'dead',
  absent: 'planned',
} as const satisfies Record<InstanceState, string>

function MomentBox(props: {
  readonly box: Box
  readonly picture: PictureLayout
  readonly state: MomentState
  readonly isHere: boolean
}) {
  const { box, picture, state, isHere } = props
  const { boxSize, nameSize, stateSize } = picture
  const now = state.instances.get(box.name)
  const text = now === undefined ? '' : words[now]
  const look = now === undefined ? '' : looks[now]
  return (
    <g class={`box ${box.kind} ${look} ${isHere ? 'here' : ''}`}>
      <rect
        x={box.x - boxSize.width / 2}
        y={box.y - boxSize.height / 2}
        width={boxSize.width}
        height={boxSize.height}
        rx={10}
      />
      <text x={box.x} y={box.y + (text === '' ? 9 : -5)} style={{ fontSize: `${nameSize}px` }}>
        {box.name}
      </text>
      {text !== '' && (
        <text class="state" x={box.x} y={box.y + 25} style={{ fontSize: `${stateSize}px` }}>
          {text}
        </text>
      )}
    </g>
  )
}

/** A message moving along the line of its link. */
function Messenger(props: { readonly position: FlowPosition; readonly picture: PictureLayout }) {
  const { position, picture } = props
  const { message, share, isLost } = position
  const link = picture.links.find(({ name }) => name === message.link)
  const path = useRef<SVGPathElement>(null)
  const mark = useRef<SVGGElement>(null)
  const name = useRef<SVGGElement>(null)
  useLayoutEffect(() => {
    const line = path.current
    if (line === null) return
    const along = message.part === 'reply' ? 1 - share : share
    const { x, y } = line.getPointAtLength(along * line.getTotalLength())
    mark.current?.setAttribute('transform', `translate(${x} ${y})`)
    // The name is above the mark, but not above the picture.
    name.current?.setAttribute('transform', `translate(0 ${y < 50 ? 66 : 0})`)
  })
  if (link === undefined) return null
  const text = `${isLost ? '✕ ' : ''}${message.text}`
  return (
    <>
      <path ref={path} d={link.path} fill="none" stroke="none" />
      <g ref={mark} class={`messenger ${isLost ? 'lost' : ''} ${message.part}`}>
        <circle r={11} />
        <g ref={name}>
          <rect
            x={-text.length * 5.6 - 8}
            y={-46}
            width={text.length * 11.2 + 16}
            height={29}
            rx={6}
          />
          <text y={-25}>{text}</text>
        </g>
      </g>
    </>
  )
}

function inWords(
  { instances, links }: MomentState,
  positions: readonly FlowPosition[],
  place: string | null,
): string {
  const parts = [
    ...[...instances].flatMap(([name, now]) =>
      words[now] === '' ? [] : [`${name} ${words[now]}`],
    ),
    ...[...links].map(([name, { label }]) => `${name}: ${label}`),
    ...positions.map(
      ({ message, isLost }) => `${message.text} ${isLost ? 'is lost on' : 'is on'} ${message.link}`,
    ),
    ...(place === null ? [] : [`the flow is at ${place}`]),
  ]
  return parts.length === 0 ? 'The system, without a fault' : `The system: ${parts.join(', ')}`
}
