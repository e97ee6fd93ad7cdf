import type { FlowComparison, FlowRecord } from '#chaos/contracts/flow-record.ts'
import { escapeHtml } from '#chaos/lib/escape-html.ts'

import { colour, type ColourName, type Colours } from './colours.ts'
import { describeMessage } from './flow-facts.ts'
import {
  type DrawnArrow,
  type DrawnLabel,
  type FlowLayout,
  type FlowPart,
  rowHeight,
  type Tone,
} from './flow-layout.ts'
import { type FlowLayoutOptions, layOutFlow } from './lay-out-flow.ts'
import { gapWords } from './lay-out-part.ts'
import { ticksOf } from './time-scale.ts'
import { durationWords, momentWords } from './time-words.ts'

export interface FlowDiagramOptions extends FlowLayoutOptions {
  readonly colours?: Colours
}

/**
 * A flow as a space-time diagram: time runs down, each process and store is a line, each message an arrow at the times at which
 * it was sent and arrived. A lost message ends in the air. Pure: page, report, slide and export use it.
 */
export function flowDiagramSvg(
  drawn: FlowRecord | FlowComparison,
  { colours = 'variables', ...options }: FlowDiagramOptions = {},
): string {
  return drawFlow(layOutFlow(drawn, options), colours)
}

/** The SVG of a layout. */
export function drawFlow(layout: FlowLayout, colours: Colours = 'variables'): string {
  const { width, height, parts } = layout
  const ink = (name: ColourName): string => colour(name, colours)
  const title = parts[0]?.title ?? ''
  const texts = layout.texts.map(
    (text, i) =>
      `<text x="8" y="${round(height - 10 - (layout.texts.length - 1 - i) * 16)}" fill="${ink('ink-2')}">${escapeHtml(text)}</text>`,
  )
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="flow-diagram" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `font-family="${fonts}" font-size="11" role="img" aria-label="${escapeHtml(`Space-time diagram of ${title}`)}">` +
    `<rect width="${width}" height="${height}" fill="${ink('panel')}"/>` +
    `${parts.map((part) => drawPart(part, layout, ink)).join('')}${texts.join('')}</svg>`
  )
}

/** The title and the names of the lines alone, for a page where the diagram scrolls under them. */
export function drawHeads(layout: FlowLayout, colours: Colours = 'variables'): string {
  const { width, top, parts } = layout
  const ink = (name: ColourName): string => colour(name, colours)
  const height = top - 8
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${fonts}" font-size="11">` +
    `<rect width="${width}" height="${height}" fill="${ink('panel')}"/>${parts.map((part) => heads(part, layout, ink)).join('')}</svg>`
  )
}

const fonts = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"

type Ink = (name: ColourName) => string

const toneInks = {
  plain: 'ink',
  quiet: 'ink-2',
  new: 'accent',
  missing: 'unknown',
  fault: 'fault',
  wrong: 'fail',
  good: 'good',
  unsure: 'unknown',
} as const satisfies Record<Tone, ColourName>

function drawPart(part: FlowPart, layout: FlowLayout, ink: Ink): string {
  return [
    `<g class="part">`,
    heads(part, layout, ink),
    timeAxis(part, ink),
    bands(part, ink),
    laneLines(part, layout, ink),
    attempts(part, ink),
    holdings(part, layout, ink),
    part.arrows.flatMap((arrow) => (arrow.isLost ? [] : [arrowShape(arrow, part, ink)])).join(''),
    traps(part, ink),
    part.labels.map((label) => labelShape(label, ink)).join(''),
    // No label covers the end of a lost message.
    part.arrows.flatMap((arrow) => (arrow.isLost ? [arrowShape(arrow, part, ink)] : [])).join(''),
    '</g>',
  ].join('')
}

function heads(
  { title, x, lanes, holdings, attempts, axisX }: FlowPart,
  { top }: FlowLayout,
  ink: Ink,
): string {
  const y = top - 18
  const head = (text: string, at: number, anchor: 'middle' | 'start'): string =>
    `<text class="head" x="${round(at)}" y="${y}" text-anchor="${anchor}" font-size="12" font-weight="700" fill="${ink('ink')}">${escapeHtml(text)}</text>`
  return [
    `<text class="title" x="${round(x + 8)}" y="22" font-size="13" font-weight="700" fill="${ink('ink')}">${escapeHtml(title)}</text>`,
    attempts.length === 0 ? '' : head('attempts', axisX + 4, 'start'),
    ...lanes.map(({ lane, x }) => head(lane.name, x, 'middle')),
    ...holdings.map(({ source, x }) => head(`${source} holds`, x, 'start')),
  ].join('')
}

function timeAxis(part: FlowPart, ink: Ink): string {
  const { axisX, scale, lanes } = part
  const right = lanes.at(-1)?.x ?? axisX
  const ticks = ticksOf(scale).map(
    ({ ms, y }) =>
      `<line class="tick" x1="${axisX + 2}" x2="${round(right)}" y1="${round(y)}" y2="${round(y)}" stroke="${ink('edge')}" stroke-width="0.6"/>` +
      `<text x="${axisX - 4}" y="${round(y + 4)}" text-anchor="end" font-size="10" fill="${ink('ink-2')}">${momentWords(ms)}</text>`,
  )
  const folds = scale.folds.map((fold) => {
    const [from, to] = [fold.fromY, fold.toY]
    const words = durationWords(fold.toMs - fold.fromMs)
    const zigzag = (y: number): string =>
      `<path d="M${axisX - 60} ${round(y)}h${60 - 14}l4 -4l6 8l4 -4H${round(right + 12)}" fill="none" stroke="${ink('ink-2')}" stroke-width="0.8" stroke-dasharray="5 3"/>`
    return (
      `<g class="fold"><title>${words} without an event, drawn shorter</title>${zigzag(from)}${zigzag(to)}` +
      `<text x="${axisX - 4}" y="${round((from + to) / 2 + 4)}" text-anchor="end" font-size="10" font-weight="700" fill="${ink('ink-2')}">⋮ ${words}</text></g>`
    )
  })
  return ticks.join('') + folds.join('')
}

function bands({ bands }: FlowPart, ink: Ink): string {
  return bands
    .filter(({ fault }) => fault.toMs > fault.fromMs)
    .map(
      ({ fault, x1, x2, fromY, toY }) =>
        `<rect class="fault" x="${round(x1)}" y="${round(fromY)}" width="${round(x2 - x1)}" height="${round(Math.max(2, toY - fromY))}" fill="${ink('fault')}" fill-opacity="0.13" stroke="${ink('fault')}" stroke-opacity="0.5" stroke-dasharray="2 3">` +
        `<title>${escapeHtml(`${fault.label}, ${momentWords(fault.fromMs)} to ${momentWords(fault.toMs)}`)}</title></rect>`,
    )
    .join('')
}

/** A trap is a line at its moment. Above arrows, so that it is seen. */
function traps({ bands }: FlowPart, ink: Ink): string {
  return bands
    .filter(({ fault }) => fault.toMs <= fault.fromMs)
    .map(
      ({ fault, x1, x2, fromY }) =>
        `<g class="fault"><title>${escapeHtml(`${fault.label}, ${momentWords(fault.fromMs)}`)}</title>` +
        `<line x1="${round(x1)}" x2="${round(x2)}" y1="${round(fromY)}" y2="${round(fromY)}" stroke="${ink('fault')}" stroke-width="1.4" stroke-dasharray="1 4" stroke-linecap="round"/></g>`,
    )
    .join('')
}

/** A line is solid while its process runs. A gap is a dashed box. */
function laneLines({ lanes, gaps, bottom }: FlowPart, { top }: FlowLayout, ink: Ink): string {
  return lanes
    .map(({ lane, x }) => {
      const own = gaps
        .filter(({ gap }) => gap.lane === lane.name)
        .toSorted((a, b) => a.fromY - b.fromY)
      let y = top - 10
      const pieces: string[] = []
      const to = (end: number): void => {
        if (end > y)
          pieces.push(
            `<line class="lane" x1="${round(x)}" x2="${round(x)}" y1="${round(y)}" y2="${round(end)}" stroke="${ink('ink-2')}" stroke-width="${lane.kind === 'store' ? 3 : 1.4}" stroke-opacity="0.75"/>`,
          )
      }
      for (const { gap, fromY, toY } of own) {
        to(fromY)
        pieces.push(
          `<rect class="gap" x="${round(x - 7)}" y="${round(fromY)}" width="14" height="${round(Math.max(3, toY - fromY))}" rx="2" fill="${ink('panel')}" stroke="${ink(gap.isPlanned ? 'ink-2' : 'fail')}" stroke-width="1.3" stroke-dasharray="${gap.what === 'starting' ? '2 2' : '5 3'}">` +
            `<title>${escapeHtml(`${gap.lane} ${gapWords(gap)}`)}</title></rect>`,
        )
        y = Math.max(y, toY)
      }
      to(bottom - 8)
      return pieces.join('')
    })
    .join('')
}

function attempts({ attempts }: FlowPart, ink: Ink): string {
  const tones = { ok: 'good', fail: 'fail', unknown: 'unknown' } as const
  return attempts
    .map(
      ({ attempt, x, fromY, toY }) =>
        `<rect class="attempt" x="${round(x)}" y="${round(fromY)}" width="4" height="${round(toY - fromY)}" rx="2" fill="${ink(tones[attempt.outcome])}"/>`,
    )
    .join('')
}

function holdings({ holdings, bottom }: FlowPart, { top }: FlowLayout, ink: Ink): string {
  return holdings
    .flatMap(({ pieces, x }) => [
      `<line x1="${round(x + 4)}" x2="${round(x + 4)}" y1="${top - 10}" y2="${round(bottom - 8)}" stroke="${ink('edge')}"/>`,
      ...pieces.map(
        ({ holding, x, fromY, toY }) =>
          `<line class="holding" x1="${round(x)}" x2="${round(x)}" y1="${round(fromY)}" y2="${round(Math.max(fromY + 4, toY))}" stroke="${ink(holding.isWrong === true ? 'fail' : 'ok')}" stroke-width="4"/>` +
          `<line x1="${round(x - 4)}" x2="${round(x + 8)}" y1="${round(fromY)}" y2="${round(fromY)}" stroke="${ink('ink-2')}"/>`,
      ),
    ])
    .join('')
}

function arrowShape(arrow: DrawnArrow, part: FlowPart, ink: Ink): string {
  const { index, message, x1, y1, x2, y2, isLost, tone } = arrow
  const stroke = ink(toneInks[tone])
  const angle = Math.atan2(y2 - y1, x2 - x1)
  const turn = `translate(${round(x2)} ${round(y2)}) rotate(${round((angle * 180) / Math.PI)})`
  const tip = isLost
    ? `<path class="lost" d="M-5 -5L5 5M-5 5L5 -5" transform="translate(${round(x2)} ${round(y2)})" stroke="${stroke}" stroke-width="2.4"/>`
    : `<path d="M0 0L-8 -3.6V3.6z" transform="${turn}" fill="${stroke}"/>`
  const width = tone === 'plain' || tone === 'quiet' ? 1.1 : 2
  const dash = message.part === 'reply' ? ' stroke-dasharray="5 3"' : ''
  return (
    `<g class="message ${tone}" data-message="${index}"><title>${escapeHtml(describeMessage(message, part.record))}</title>` +
    `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${stroke}" stroke-width="${width}"${dash}/>${tip}` +
    `<line class="hit" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="transparent" stroke-width="9"/></g>`
  )
}

function labelShape(label: DrawnLabel, ink: Ink): string {
  const { of, index, lines, x, y, tone, leader } = label
  const isBold = tone !== 'plain' && tone !== 'quiet' && tone !== 'good'
  const line =
    leader === undefined
      ? ''
      : `<path class="leader" d="M${round(leader.x1)} ${round(leader.y1)}L${round(leader.x2)} ${round(leader.y2)}" fill="none" stroke="${ink('ink-2')}" stroke-width="0.7" stroke-opacity="0.8"/>`
  const rows = lines
    .map(
      (text, i) =>
        `<tspan x="${round(x)}" y="${round(y + rowHeight * (i + 1) - 3)}">${escapeHtml(text)}</tspan>`,
    )
    .join('')
  const { width, height } = label
  return (
    `<g class="label" data-of="${of}" data-index="${index}">${line}` +
    // The ground behind a label keeps it legible where it is above an arrow.
    `<rect x="${round(x - 2)}" y="${round(y + 1)}" width="${round(width + 4)}" height="${round(height - 1)}" fill="${ink('panel')}" fill-opacity="0.86"/>` +
    `<text fill="${ink(toneInks[tone])}"${isBold ? ' font-weight="700"' : ''}>${rows}</text></g>`
  )
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
