import type { IncidentDebrief } from '#chaos/contracts/gameday/gameday-view.ts'
import { escapeHtml } from '#chaos/lib/escape-html.ts'
import { wrapText } from '#chaos/report/flow-diagram/wrap-text.ts'

const box = { width: 210, gap: 46, pad: 10, line: 17 } as const
const charactersMax = 29
const linesMax = 5

/** The chain of an incident as an SVG: one box for each place, from the cause to the customer. */
export function chainPicture(chain: IncidentDebrief['chain']): string {
  const texts = chain.map(({ seen }) => wrapText(seen, charactersMax, linesMax))
  const height = box.pad * 2 + box.line * (1 + Math.max(...texts.map((lines) => lines.length)))
  // The stroke of the last box needs room too.
  const width = chain.length * (box.width + box.gap) - box.gap + 3
  const boxes = chain.map(({ place, named }, i) => {
    const x = i * (box.width + box.gap) + 1
    const kind = i === 0 ? ' first' : named ? ' named' : ''
    const lines = (texts[i] ?? []).map(
      (text, row) =>
        `<text class="seen" x="${x + box.pad}" y="${box.pad + box.line * (row + 2) - 4}">${escapeHtml(text)}</text>`,
    )
    const middle = height / 2
    const arrow =
      i === 0
        ? ''
        : `<path class="arrow" d="M${x - box.gap + 4} ${middle}H${x - 6}m-7 -5l7 5l-7 5"/>`
    return `${arrow}<rect class="box${kind}" x="${x}" y="1" width="${box.width}" height="${height - 2}" rx="8"/><text class="place" x="${x + box.pad}" y="${box.pad + box.line - 4}">${escapeHtml(place)}</text>${lines.join('')}`
  })
  const words = chain.map(({ place, seen }) => `${place}: ${seen}`).join('; then ')
  return `<svg class="flow-diagram" role="img" aria-label="${escapeHtml(words)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${boxes.join('')}</svg>`
}
