import { useMemo } from 'preact/hooks'

import type { SystemView } from '../../../contracts/api.ts'
import { client } from '../../../contracts/topology.ts'
import { type Health, healthOfLink, linkWords } from '../health/health.ts'
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

/** With more links than this, a healthy link has one line. */
const denseAbove = 14

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
        <LinkWord
          key={link.name}
          {...{ link, stage, font }}
          isDense={picture.links.length > denseAbove}
        />
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
  const health = healthOfLink(stage.exchanges.get(link.name))
  const traffic = stage.bytesPerSecond.get(link.name) ?? 0
  const width = (look === 'plain' ? 3 : 6) + Math.min(6, Math.log2(1 + traffic / 1_000) * 0.75)
  return (
    <g class={`link ${look} ${health}`} data-link={link.name}>
      <path class="line" d={link.path} stroke-width={width} />
      {look === 'plain' && traffic > 0 && stage.connection === 'live' && !isFailing(health) && (
        <path class={props.isLive ? 'flow' : 'flow still'} d={link.path} stroke-width={width} />
      )}
    </g>
  )
}

function isFailing(health: Health): boolean {
  return health === 'some' || health === 'outage'
}

/** The label of a link: the fault on it, and below it the health of its requests. */
function LinkWord(props: {
  readonly link: DrawnLink
  readonly stage: Stage
  readonly font: number
  readonly isDense: boolean
}) {
  const { link, stage, font, isDense } = props
  const { look, label } = stage.links.get(link.name) ?? plain
  const exchanges = stage.connection === 'live' ? stage.exchanges.get(link.name) : undefined
  const health = healthOfLink(exchanges)
  const isBad = isFailing(health)
  const words = linkWords(exchanges) ?? []
  // What fails is as large as the names of faults. With many links, the others have one line.
  const size = isBad ? font * 0.7 : font * 0.6
  const lines = [words.slice(0, 2), isDense && !isBad ? [] : words.slice(2)]
    .filter((parts) => parts.length > 0)
    .map((parts) => parts.join(' · '))
  const { x, y } = link.middle
  const labelHeight = label === null ? 0 : font * 1.5
  const top = y - (labelHeight + lines.length * size * 1.2) / 2
  return (
    <>
      {label !== null && (
        <g class={`link-label ${look}`} data-label={link.name}>
          <Plate {...{ text: label, x, y: top, height: labelHeight, font }} />
        </g>
      )}
      {lines.length > 0 && (
        <g class={`link-health ${health}`} data-health={link.name}>
          {lines.map((text, i) => (
            <Plate
              key={i}
              {...{ text, x, height: size * 1.2, font: size }}
              y={top + labelHeight + i * size * 1.2}
            />
          ))}
        </g>
      )}
    </>
  )
}

/** A line of text on its background. `y` is the upper edge. */
function Plate(props: {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly height: number
  readonly font: number
}) {
  const { text, x, y, height, font } = props
  const width = text.length * font * 0.58 + font * 0.6
  return (
    <>
      <rect x={x - width / 2} y={y} width={width} height={height} rx={height / 2} />
      <text x={x} y={y + height / 2 + font * 0.35} style={{ fontSize: `${font}px` }}>
        {text}
      </text>
    </>
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

function inWords({ links, boxes, exchanges }: Stage): string {
  const words = [...links, ...boxes].flatMap(([name, { label }]) =>
    label === null ? [] : [`${name}: ${label}`],
  )
  for (const [name, counted] of exchanges) {
    const figures = linkWords(counted)
    if (figures !== null && isFailing(healthOfLink(counted)))
      words.push(`requests on ${name}: ${figures.join(', ')}`)
  }
  return words.length === 0 ? 'The system, without a fault' : `The system. ${words.join(', ')}`
}
