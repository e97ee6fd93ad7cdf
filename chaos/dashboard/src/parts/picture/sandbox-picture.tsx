import { useLayoutEffect, useMemo, useRef } from 'preact/hooks'

import type { InstanceStatus } from '../../../../contracts/runtime.ts'
import { systemName, usePageState } from '../../data/page-state.ts'
import { RestoreButton } from '../restore-button.tsx'
import { TrafficSwitch } from '../traffic-switch.tsx'
import { type DrawnLook, lookOfLink } from './link-look.ts'
import { type Box, layOut, type DrawnLink, type PictureLayout } from './picture-layout.ts'

export interface Selection {
  readonly kind: 'link' | 'instance'
  readonly name: string
}

/** The sandbox as a picture: instances and stores are boxes, links are lines that show their traffic. */
export function SandboxPicture(props: {
  readonly selected: Selection | null
  readonly onSelect: (selection: Selection) => void
}) {
  const name = usePageState(systemName)
  const topology = usePageState(({ sandbox }) => sandbox?.system)
  const picture = useMemo(() => (topology === undefined ? null : layOut(topology)), [topology])
  return (
    <section class="panel picture" aria-label={`The ${name}`}>
      <header>
        <h2>The {name}</h2>
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
            // A wide picture scrolls: its texts stay readable.
            style={{ minWidth: `${Math.round(picture.width * readableScale)}px` }}
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
              <LinkLabel key={link.name} link={link} />
            ))}
          </svg>
        )}
      </div>
    </section>
  )
}

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
  const traffic = usePageState((state) => state.bytesPerSecond.get(link.name) ?? 0)
  const lost = usePageState((state) => state.connection === 'lost')
  const { look, label } = useLook(link)
  const width = (look === 'plain' ? 1.5 : 3) + Math.min(6, Math.log2(1 + traffic / 1_000) * 0.75)
  const chosen = selected?.kind === 'link' && selected.name === link.name
  const choose = (): void => onSelect({ kind: 'link', name: link.name })
  return (
    <g
      class={`link ${look} ${chosen ? 'selected' : ''}`}
      role="button"
      // SVG attributes are case-sensitive: `tabIndex` has no effect.
      tabindex={0}
      data-name={link.name}
      aria-label={`Link ${link.name}${label === null ? '' : `, ${label}`}`}
      aria-pressed={chosen}
      onClick={choose}
      onKeyDown={onPress(choose)}
    >
      <title>{link.name}</title>
      <path class="line" d={link.path} stroke-width={width} />
      {look === 'plain' && traffic > 0 && !lost && (
        <path class="flow" d={link.path} stroke-width={Math.max(2, width * 0.6)} />
      )}
      <path class="hit" d={link.path} />
    </g>
  )
}

function useLook({ name }: DrawnLink): DrawnLook {
  const status = usePageState((state) => state.sandbox?.links.find((item) => item.name === name))
  const faults = usePageState((state) => state.sandbox?.faults)
  return status === undefined ? { look: 'plain', label: null } : lookOfLink(status, faults ?? [])
}

/** The short label of a link that does not look plain. */
function LinkLabel({ link }: { readonly link: DrawnLink }) {
  const { look, label } = useLook(link)
  const { x, y } = link.middle
  const textElement = useRef<SVGTextElement>(null)
  const background = useRef<SVGRectElement>(null)
  // The width of the text depends on the fonts of the machine, so the browser measures it.
  useLayoutEffect(() => {
    const width = (textElement.current?.getComputedTextLength() ?? 0) + 22
    background.current?.setAttribute('x', String(x - width / 2))
    background.current?.setAttribute('width', String(width))
  }, [label, x, y])
  if (label === null) return null
  return (
    <g class={`link-label ${look}`} aria-hidden="true">
      <rect ref={background} y={y - 16} height={32} rx={16} />
      <text ref={textElement} x={x} y={y + 6}>
        {label}
      </text>
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
  const status = usePageState((state) =>
    state.sandbox?.instances.find((item) => item.name === box.name),
  )
  const lost = usePageState((state) => state.connection === 'lost')
  const chosen = selected?.kind === 'instance' && selected.name === box.name
  const choose = (): void => {
    if (box.kind !== 'client') onSelect({ kind: 'instance', name: box.name })
  }
  const { text, look } =
    box.kind === 'client' ? { text: 'sends requests', look: '' } : stateOf(status, lost)
  const x = box.x - boxSize.width / 2
  const y = box.y - boxSize.height / 2
  return (
    <g
      class={`box ${box.kind} ${look} ${chosen ? 'selected' : ''}`}
      {...(box.kind === 'client' ? {} : { role: 'button', tabindex: 0 })}
      data-name={box.name}
      aria-label={`${box.name}: ${text.replace('↻', 'restarted')}`}
      onClick={choose}
      onKeyDown={onPress(choose)}
    >
      <rect x={x} y={y} width={boxSize.width} height={boxSize.height} rx={10} />
      <text x={box.x} y={box.y - 5} style={{ fontSize: `${nameSize}px` }}>
        {box.name}
      </text>
      <text class="state" x={box.x} y={box.y + 25} style={{ fontSize: `${stateSize}px` }}>
        {text}
      </text>
    </g>
  )
}

/** The state of an instance in words. `lost`: the controller does not respond, so the state is unknown. */
function stateOf(
  status: InstanceStatus | undefined,
  lost: boolean,
): { readonly text: string; readonly look: string } {
  if (lost) return { text: '? unknown', look: 'unsure' }
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
      return { text: '✕ not running', look: 'dead' }
  }
}
