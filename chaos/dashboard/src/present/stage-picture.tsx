import { useMemo } from 'preact/hooks'

import type { SystemView } from '../../../contracts/api.ts'
import { client } from '../../../contracts/topology.ts'
import {
  layOut,
  type Box,
  type DrawnLink,
  type PictureLayout,
} from '../parts/picture/picture-layout.ts'
import type { Sentence } from './sentence.ts'
import type { Stage, StageLook } from './stage.ts'
import type { Size } from './use-size.ts'

/** Texts are at least this large on a screen of 1920 by 1080. */
const smallestPx = 28

const plain: StageLook = { look: 'plain', label: null }

/** The system as a picture without controls. Texts and lines have sizes for a projector. */
export function StagePicture(props: {
  readonly stage: Stage
  readonly system: SystemView
  readonly tone: Sentence['tone']
  readonly isLive: boolean
  readonly size: Size
}) {
  const { stage, system, size } = props
  const picture = useMemo(() => layOut(system), [system])
  const scale = Math.min(size.width / picture.width, size.height / picture.height)
  const font = scale === 0 ? smallestPx : (smallestPx * size.unit) / scale
  return (
    <svg
      class="stage-picture"
      viewBox={`0 0 ${picture.width} ${picture.height}`}
      role="img"
      aria-label={inWords(stage)}
    >
      {picture.links.map((link) => (
        <LinkLine key={link.name} link={link} stage={stage} isLive={props.isLive} />
      ))}
      {picture.boxes.map((box) => (
        <BoxShape key={box.name} box={box} picture={picture} font={font} {...props} />
      ))}
      {picture.links.map((link) => (
        <LinkWord key={link.name} link={link} stage={stage} font={font} />
      ))}
    </svg>
  )
}

function LinkLine(props: {
  readonly link: DrawnLink
  readonly stage: Stage
  readonly isLive: boolean
}) {
  const { link, stage } = props
  const { look } = stage.links.get(link.name) ?? plain
  const traffic = stage.bytesPerSecond.get(link.name) ?? 0
  const width = (look === 'plain' ? 3 : 6) + Math.min(6, Math.log2(1 + traffic / 1_000) * 0.75)
  return (
    <g class={`link ${look}`} data-link={link.name}>
      <path class="line" d={link.path} stroke-width={width} />
      {look === 'plain' && traffic > 0 && stage.connection === 'live' && (
        <path class={props.isLive ? 'flow' : 'flow still'} d={link.path} stroke-width={width} />
      )}
    </g>
  )
}

function LinkWord(props: {
  readonly link: DrawnLink
  readonly stage: Stage
  readonly font: number
}) {
  const { link, stage, font } = props
  const { look, label } = stage.links.get(link.name) ?? plain
  if (label === null) return null
  const width = label.length * font * 0.66 + font
  const { x, y } = link.middle
  return (
    <g class={`link-label ${look}`} data-label={link.name}>
      <rect
        x={x - width / 2}
        y={y - font * 0.75}
        width={width}
        height={font * 1.5}
        rx={font * 0.75}
      />
      <text x={x} y={y + font * 0.35} style={{ fontSize: `${font}px` }}>
        {label}
      </text>
    </g>
  )
}

function BoxShape(props: {
  readonly box: Box
  readonly picture: PictureLayout
  readonly font: number
  readonly stage: Stage
  readonly tone: Sentence['tone']
}) {
  const { box, picture, stage, tone } = props
  const { width, height } = picture.boxSize
  const { look, label } =
    box.name === client
      ? clientLook(stage, tone)
      : (stage.boxes.get(box.name) ?? { look: '', label: null })
  // A name or a word that is too long for the box is smaller than the others.
  const fit = (text: string, size: number): string =>
    `${Math.min(size, (width - 14) / (0.6 * Math.max(1, text.length)))}px`
  return (
    <g class={`box ${box.kind} ${look}`} data-box={box.name}>
      <rect x={box.x - width / 2} y={box.y - height / 2} width={width} height={height} rx={10} />
      <text
        x={box.x}
        y={box.y + (label === null ? 10 : -6)}
        style={{ fontSize: fit(box.name, Math.max(picture.nameSize, props.font)) }}
      >
        {box.name}
      </text>
      {label !== null && (
        <text class="state" x={box.x} y={box.y + 30} style={{ fontSize: fit(label, props.font) }}>
          {label}
        </text>
      )}
    </g>
  )
}

const clientWords = {
  good: '✓ served',
  slow: '◷ slow',
  bad: '▲ errors',
  out: '✕ no success',
} as const

function clientLook(stage: Stage, tone: Sentence['tone']): { look: string; label: string | null } {
  if (tone === 'unsure')
    return { look: 'unsure', label: stage.connection === 'lost' ? '? unknown' : null }
  return { look: tone === 'out' ? 'dead' : tone, label: clientWords[tone] }
}

function inWords({ links, boxes }: Stage): string {
  const words = [...links, ...boxes].flatMap(([name, { label }]) =>
    label === null ? [] : [`${name}: ${label}`],
  )
  return words.length === 0 ? 'The system, without a fault' : `The system. ${words.join(', ')}`
}
