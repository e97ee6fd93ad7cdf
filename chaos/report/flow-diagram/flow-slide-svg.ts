import type { FlowComparison, FlowRecord } from '#chaos/contracts/flow-record.ts'
import { escapeHtml } from '#chaos/lib/escape-html.ts'

import { colour, type Colours } from './colours.ts'
import { drawFlow } from './flow-diagram-svg.ts'
import { layOutFlow } from './lay-out-flow.ts'

const slideSize = { width: 1_600, height: 900 } as const

/**
 * A flow as a slide: one sentence and the diagram, scaled to fit. Names are on the arrows of the client and on what differs
 * from a run without a fault, so that the text is large.
 */
export function flowSlideSvg(
  drawn: FlowRecord | FlowComparison,
  { headline, colours = 'light' }: { readonly headline: string; readonly colours?: Colours },
): string {
  const { width, height } = slideSize
  const head = 90
  const options = { isBeside: false, names: 'important', heightMax: 900 } as const
  const first = layOutFlow(drawn, options)
  // As high as the slide has space for.
  const wanted = (first.width * (height - head - 20)) / (width - 60)
  const ends = first.height - (first.parts[0]?.scale.bottom ?? 0) + first.top
  const zoom = Math.max(1, (wanted - ends) / Math.max(1, first.height - ends))
  const layout = layOutFlow(drawn, { ...options, zoom })
  const inner = drawFlow(layout, colours).replace(
    / width="[^"]+" height="[^"]+"/,
    ` x="30" y="${head}" width="${width - 60}" height="${height - head - 20}"`,
  )
  const size = Math.min(44, (width - 80) / Math.max(1, headline.length * 0.56))
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">` +
    `<rect width="${width}" height="${height}" fill="${colour('panel', colours)}"/>` +
    `<text x="38" y="62" font-family="system-ui, sans-serif" font-weight="700" font-size="${size.toFixed(1)}" fill="${colour('ink', colours)}">${escapeHtml(headline)}</text>${inner}</svg>`
  )
}
