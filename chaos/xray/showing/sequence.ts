import { escapeHtml } from '#chaos/lib/escape-html.ts'

import type { HistoryLine } from '../matrix.ts'

/** The participants of a diagram, from the client inwards. */
export function lanesOf(lines: readonly HistoryLine[]): string[] {
  const names = [...new Set(lines.flatMap(({ from, to }) => [from, to]))]
  // Services come in the order in which the lines name them, each with all of its instances.
  const services = ['client', ...names.filter((name) => !isStore(name)).map(serviceIn)]
  const depth = (name: string): number =>
    isStore(name) ? services.length : services.indexOf(serviceIn(name))
  return names.toSorted((a, b) => depth(a) - depth(b) || a.localeCompare(b))
}

export function isStore(name: string): boolean {
  return name === 'postgres' || name === 'redis'
}

/** The name of an instance without its number. */
function serviceIn(name: string): string {
  return name.replace(/-[0-9]+$/, '')
}

/**
 * How a line differs from a run without a fault: a known message, a new one, the fault, or an event
 * of a process or the client.
 */
export function weightOf(
  line: HistoryLine,
  known: ReadonlySet<string>,
): 'known' | 'new' | 'fault' | 'event' {
  if (line.kind === 'fault') return 'fault'
  if (line.kind === 'exit' || line.kind === 'start' || line.kind === 'client') return 'event'
  return line.key !== undefined && known.has(line.key) ? 'known' : 'new'
}

/**
 * A sequence diagram as SVG: time runs down. Messages that a run without a fault also has are grey,
 * new ones are black, the fault is red. Colours come from CSS variables, so that the diagram is
 * legible on light and dark pages.
 */
export function sequenceSvg(
  lines: readonly HistoryLine[],
  known: ReadonlySet<string>,
  title: string,
): string {
  const lanes = lanesOf(lines)
  const laneWidth = Math.max(150, Math.min(280, Math.floor(1_000 / lanes.length)))
  const rowHeight = 21
  const left = 70
  const top = 36
  const roomOfFault = 9
  const ys = lines.map(
    (_, i) =>
      top +
      rowHeight * (i + 1) +
      // The text of a fault is a sentence and needs room above its arrow.
      roomOfFault * lines.slice(0, i + 1).filter(({ kind }) => kind === 'fault').length,
  )
  const height = (ys.at(-1) ?? top) + rowHeight
  const x = (name: string): number => left + laneWidth * (lanes.indexOf(name) + 0.5)
  // The text of the last lanes may extend beyond them.
  const reach = lines.map(
    ({ from, to, text }) => Math.min(x(from), x(to)) + 20 + 7.3 * short(text).length,
  )
  const width = Math.ceil(Math.max(left + laneWidth * lanes.length, ...reach))
  const colours = {
    known: 'var(--diagram-known, #8a8f98)',
    new: 'var(--diagram-new, #16181d)',
    fault: 'var(--diagram-fault, #c5221f)',
    event: 'var(--diagram-event, #8a5a00)',
  }
  const heads = lanes.map(
    (name) =>
      `<line x1="${x(name)}" y1="${top - 8}" x2="${x(name)}" y2="${height - 6}" stroke="${colours.known}" stroke-opacity="0.35"/>` +
      `<text x="${x(name)}" y="16" text-anchor="middle" font-weight="600" fill="${colours.new}">${escapeHtml(name)}</text>`,
  )
  const rows = lines.map((line, i) => {
    const y = ys[i] ?? top
    const weight = weightOf(line, known)
    const colour = colours[weight]
    const bold = weight === 'new' || weight === 'fault' ? ' font-weight="700"' : ''
    const time = `<text x="4" y="${y}" font-size="11" fill="${colours.known}">${line.atMs.toFixed(0)} ms</text>`
    const label = escapeHtml(short(line.text))
    if (line.from === line.to)
      return `${time}<circle cx="${x(line.from)}" cy="${y - 4}" r="4" fill="${colour}"/><text x="${x(line.from) + 9}" y="${y}" fill="${colour}"${bold}>${label}</text>`
    const [from, to] = [x(line.from), x(line.to)]
    const back = to < from ? -1 : 1
    const dash = line.kind === 'reply' ? ' stroke-dasharray="4 3"' : ''
    // A message that is stopped does not arrive.
    const end = line.kind === 'fault' ? (from + to) / 2 : to
    const tip =
      line.kind === 'fault'
        ? `<text x="${end}" y="${y + 1}" text-anchor="middle" font-size="14" fill="${colour}">✕</text>`
        : `<path d="M${end} ${y - 4} l${-6 * back} -3.5 v7 z" fill="${colour}"/>`
    return (
      `${time}<line x1="${from}" y1="${y - 4}" x2="${end}" y2="${y - 4}" stroke="${colour}"${dash}/>${tip}` +
      `<text data-weight="${weight}" x="${Math.min(from, to) + 8}" y="${y - (line.kind === 'fault' ? 7 + roomOfFault - 2 : 7)}" font-size="11" fill="${colour}"${bold}>${label}</text>`
    )
  })
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `font-family="ui-monospace, monospace" font-size="12" role="img" aria-label="${escapeHtml(title)}">` +
    `<title>${escapeHtml(title)}</title>${heads.join('')}${rows.join('')}</svg>`
  )
}

function short(text: string): string {
  return text.length <= 96 ? text : `${text.slice(0, 93)}...`
}

/** The JavaScript source that a page needs to draw diagrams. Types are stripped when this runs. */
export function sequenceSource(): string {
  return [lanesOf, isStore, serviceIn, weightOf, sequenceSvg, short, escapeHtml]
    .map(String)
    .join('\n')
}
