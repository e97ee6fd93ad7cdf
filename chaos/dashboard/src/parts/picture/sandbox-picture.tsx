import { useMemo } from 'preact/hooks'

import { isAdopted, systemTitle, usePageState } from '../../data/page-state.ts'
import type { Health } from '../../health/health.ts'
import { useNarrow } from '../../hooks/use-narrow.ts'
import { ProfileSwitch } from '../controls/profile-switch.tsx'
import { RestoreButton } from '../controls/restore-button.tsx'
import { TrafficSwitch } from '../controls/traffic-switch.tsx'
import { layOutDown } from './lay-out-down.ts'
import { LinkTable } from './link-table.tsx'
import { type Box, layOut, type DrawnLink, type PictureLayout } from './picture-layout.ts'
import { textWidth } from './text-width.ts'
import { useShownBox } from './use-shown-box.ts'
import { useShownLink } from './use-shown-link.ts'

export interface Selection {
  readonly kind: 'link' | 'instance'
  readonly name: string
}

/**
 * The sandbox as a picture: instances and stores are boxes, links are lines that show their traffic. A narrow screen shows it
 * from top to bottom.
 */
export function SandboxPicture(props: {
  readonly selected: Selection | null
  readonly onSelect: (selection: Selection) => void
}) {
  const title = usePageState(systemTitle)
  const heading = title.replace(/^the /, 'The ')
  const topology = usePageState(({ sandbox }) => sandbox?.system)
  const narrow = useNarrow()
  const picture = useMemo(
    () => (topology === undefined ? null : narrow ? layOutDown(topology) : layOut(topology)),
    [topology, narrow],
  )
  return (
    <section class="panel picture" aria-label={heading}>
      <header>
        <h2>{heading}</h2>
        <span class="hint">Click a box or a line for its details and faults</span>
        <span class="space" />
        <TrafficSwitch />
        <RestoreButton />
      </header>
      <div class="scroll">
        {picture === null ? (
          <p class="empty">Loading …</p>
        ) : (
          <svg
            viewBox={`0 0 ${picture.width} ${picture.height}`}
            class={narrow ? 'down' : ''}
            // A wide picture scrolls: its texts stay readable.
            style={narrow ? {} : { minWidth: `${Math.round(picture.width * readableScale)}px` }}
            role="group"
            aria-label="Instances and links"
          >
            {picture.links.map((link) => (
              <LinkShape key={link.name} link={link} {...props} />
            ))}
            {picture.boxes.map((box) => (
              <BoxShape key={box.name} box={box} picture={picture} {...props} />
            ))}
            {/* Labels are above all lines, so no line crosses a label. */}
            {picture.links.map((link) => (
              <LinkLabel
                key={link.name}
                link={link}
                narrow={narrow}
                dense={picture.links.length > denseAbove}
              />
            ))}
          </svg>
        )}
      </div>
      {picture !== null && <LinkTable />}
      <ProfileSwitch />
    </section>
  )
}

/** With more links than this, a label has one line; the table has the rest. */
const denseAbove = 14

/** Pixels per unit of the view box below which texts are too small. */
const readableScale = 0.43

/** Enter and the space bar act as on a button. By default the space bar scrolls the page. */
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

function LinkShape({ link, selected, onSelect }: ShapeProps & { readonly link: DrawnLink }) {
  const { look, label, bytesPerSecond: traffic, health, words, known } = useShownLink(link.name)
  const width = (look === 'plain' ? 1.5 : 3) + Math.min(6, Math.log2(1 + traffic / 1_000) * 0.75)
  const chosen = selected?.kind === 'link' && selected.name === link.name
  const choose = (): void => onSelect({ kind: 'link', name: link.name })
  const protocol = useProtocol(link.name)
  const said = [
    link.name,
    ...(protocol === null ? [] : [protocol]),
    ...(label === null ? [] : [label]),
    ...(words ?? []),
  ].join(', ')
  return (
    <g
      class={`link ${look} ${known ? health : ''} ${chosen ? 'selected' : ''}`}
      role="button"
      // SVG attributes are case-sensitive: `tabIndex` has no effect.
      tabindex={0}
      data-name={link.name}
      aria-label={`Link ${said}`}
      aria-pressed={chosen}
      onClick={choose}
      onKeyDown={onPress(choose)}
    >
      <title>{said}</title>
      <path class="line" d={link.path} stroke-width={width} />
      {look === 'plain' && traffic > 0 && known && isFlowing(health) && (
        <path class="flow" d={link.path} stroke-width={Math.max(2, width * 0.6)} />
      )}
      <path class="hit" d={link.path} />
    </g>
  )
}

/** Blue movement means that requests succeed, so it must not be there when they fail. */
function isFlowing(health: Health): boolean {
  return health === 'good' || health === 'unknown'
}

/** The label of a link: the fault on it, and below it the health of its requests. */
function LinkLabel(props: {
  readonly link: DrawnLink
  readonly narrow: boolean
  readonly dense: boolean
}) {
  const { link, narrow, dense } = props
  const { look, label, health, words, known } = useShownLink(link.name)
  const protocol = useProtocol(link.name)
  const { x, y } = link.middle
  // On a phone there is space for what is wrong; the table has the rest.
  const shown = known && words !== null && (!narrow || health === 'some' || health === 'outage')
  return (
    <>
      {label === null && !shown && !narrow && !dense && protocol !== null && (
        <Pill class="link-health" lines={[protocol]} font="500 14px" x={x} y={y} lineHeight={17} />
      )}
      {label !== null && (
        <Pill
          class={`link-label ${look}`}
          lines={[label]}
          font="600 18px"
          x={x}
          y={shown ? y - 24 : y}
          lineHeight={32}
        />
      )}
      {shown && (
        <Pill
          class={`link-health ${health}`}
          lines={[
            words.slice(0, 2).join(' · '),
            ...(narrow || dense ? [] : [words.slice(2).join(' · ')]),
          ]}
          font={health === 'some' || health === 'outage' ? '700 14px' : '500 14px'}
          x={x}
          y={label === null ? y : y + 10}
          lineHeight={17}
        />
      )}
    </>
  )
}

/** The protocol of a link in an adopted system. The names of the shop's parts say it. */
function useProtocol(name: string): string | null {
  return usePageState((state) =>
    isAdopted(state)
      ? (state.sandbox?.system.links.find((link) => link.name === name)?.protocol ?? null)
      : null,
  )
}

/** Lines of text on a background. */
function Pill(props: {
  readonly class: string
  readonly lines: readonly string[]
  /** Weight and size, as in the style sheet. */
  readonly font: string
  readonly x: number
  readonly y: number
  readonly lineHeight: number
}) {
  const { x, y, lineHeight, font } = props
  const lines = props.lines.filter((line) => line !== '')
  const height = lines.length * lineHeight
  // The width of the text depends on the fonts of the machine.
  const width =
    Math.max(0, ...lines.map((line) => textWidth(line, font))) + (lineHeight > 20 ? 22 : 8)
  return (
    <g class={props.class} aria-hidden="true">
      <rect
        x={x - width / 2}
        y={y - height / 2}
        width={width}
        height={height}
        rx={Math.min(16, height / 2)}
      />
      {lines.map((line, i) => (
        <text key={i} x={x} y={y - height / 2 + (i + 0.5) * lineHeight + (lineHeight > 20 ? 6 : 5)}>
          {line}
        </text>
      ))}
    </g>
  )
}

function BoxShape({
  box,
  picture,
  selected,
  onSelect,
}: ShapeProps & { readonly box: Box; readonly picture: PictureLayout }) {
  const { boxSize, nameSize, stateSize } = picture
  const { text, look, health, load } = useShownBox(box)
  const chosen = selected?.kind === 'instance' && selected.name === box.name
  const choose = (): void => {
    if (box.kind !== 'client') onSelect({ kind: 'instance', name: box.name })
  }
  const x = box.x - boxSize.width / 2
  const y = box.y - boxSize.height / 2
  const lines = load === null ? [box.y - 5, box.y + 25] : [box.y - 15, box.y + 10, box.y + 33]
  const [nameY, stateY, loadY] = lines
  return (
    <g
      class={`box ${box.kind} ${look} ${health} ${chosen ? 'selected' : ''}`}
      {...(box.kind === 'client' ? {} : { role: 'button', tabindex: 0 })}
      data-name={box.name}
      aria-label={[box.name, text.replace('↻', 'restarted'), ...(load === null ? [] : [load])].join(
        ': ',
      )}
      onClick={choose}
      onKeyDown={onPress(choose)}
    >
      <rect x={x} y={y} width={boxSize.width} height={boxSize.height} rx={10} />
      <text x={box.x} y={nameY} style={{ fontSize: `${nameSize}px` }}>
        {box.name}
      </text>{' '}
      <text class="state" x={box.x} y={stateY} style={{ fontSize: `${stateSize}px` }}>
        {text}
      </text>{' '}
      {load !== null && (
        <text
          class="load"
          x={box.x}
          y={loadY}
          style={{ fontSize: `${loadSize(load, boxSize.width)}px` }}
        >
          {load}
        </text>
      )}
    </g>
  )
}

/** The longest text fits into its box. */
function loadSize(text: string, width: number): number {
  return Math.min(18, (width - 18) / (0.58 * text.length))
}
