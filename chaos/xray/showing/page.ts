import type { System } from '#chaos/contracts/system.ts'
import type { ResultMeanings } from '#chaos/contracts/system/flow.ts'
import { escapeHtml } from '#chaos/lib/escape-html.ts'

import { cellResults, lookOf } from '../judging/cell-results.ts'
import type { Matrix } from '../matrix.ts'
import { columns } from '../planning/columns.ts'
import { drawCells } from './draw-cells.ts'
import { learnedLines } from './learned-lines.ts'
import { stepLabel, summaryText } from './matrix-text.ts'
import { pageScript } from './page-script.ts'
import { pageStyle } from './page-style.ts'

/**
 * The matrix as a self-contained HTML page: a table, and for each cell its story and its space-time
 * diagram.
 */
export async function xrayPage(
  matrix: Matrix,
  { name, xray }: Pick<System, 'name' | 'xray'>,
): Promise<string> {
  const meanings = xray?.words?.meanings
  const [headline = '', ...figures] = summaryText(matrix)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>X-ray of ${escapeHtml(matrix.flow)}: ${escapeHtml(matrix.variant)}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>X-ray: ${escapeHtml(matrix.flow)}</h1>
<p>${escapeHtml(headline)}</p>
${figures.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n')}
<p class="muted">Each row is an exchange of ${escapeHtml(matrix.flow)}, each column is a fault on it. The same fault hits the same
message of the same ${escapeHtml(xray?.words?.subject ?? 'flow')} every time. The services then run on real clocks, so ${repeats(matrix)}.</p>
${timers(matrix, name)}
</header>
<main>
<div class="scroll">${table(matrix, meanings)}</div>
${legend(meanings)}
${effect(matrix)}
<section id="detail" aria-live="polite"><p class="muted">Select a cell to read its story.</p></section>
</main>
<script type="application/json" id="data">${json(withoutHistories(matrix))}</script>
<script type="text/plain" id="diagrams">${await drawCells(matrix)}</script>
<script>
${pageScript}
</script>
</body>
</html>
`
}

function table({ steps, cells }: Matrix, meanings?: ResultMeanings): string {
  const byId = new Map(cells.map((cell) => [cell.id, cell]))
  const head = columns
    .map(
      ({ heading, words }) =>
        `<th scope="col" title="${escapeHtml(words)}">${escapeHtml(heading)}</th>`,
    )
    .join('')
  const rows = steps.map((step) => {
    const tds = columns.map((column) => {
      const cell = byId.get(`${step.id}/${column.id}`)
      if (cell === undefined) return '<td></td>'
      const { colour, word, meaning } = lookOf(cell.result, meanings)
      const mark = cell.timingSensitive === true ? ` ${cell.confirmed ?? ''}` : ''
      const name = `${step.signature}, ${column.heading}: ${meaning}`
      return `<td><button class="${colour}" data-cell="${cell.id}" title="${escapeHtml(name)}">${escapeHtml(word + mark)}</button></td>`
    })
    return `<tr><th scope="row">${escapeHtml(stepLabel(step))}</th>${tds.join('')}</tr>`
  })
  return `<table><thead><tr><th></th>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`
}

function legend(meanings?: ResultMeanings): string {
  const items = cellResults
    .map((result) => lookOf(result, meanings))
    .map(
      ({ colour, word, meaning }) =>
        `<li><span class="chip ${colour}">${escapeHtml(word)}</span> ${escapeHtml(meaning)}</li>`,
    )
  return `<details><summary>Results and their meanings</summary><ul class="legend">${items.join('')}</ul></details>`
}

/** What a run without a fault does, as learned. */
function effect({ learned }: Matrix): string {
  if (learned === undefined) return ''
  return `<details><summary>The learned effect of one run</summary><pre>${escapeHtml(learnedLines(learned, true).join('\n'))}</pre></details>`
}

function timers({ env }: Matrix, system: string): string {
  const entries = Object.entries(env.timersScaled)
  if (entries.length === 0) return ''
  const text = entries.map(([name, value]) => `${name} ${value}`).join(', ')
  return `<details class="muted"><summary>The ${escapeHtml(system)}'s timers are shortened, so that an X-ray takes minutes</summary>${escapeHtml(text)}</details>`
}

/** An X-ray with a budget repeats less. */
function repeats({ learned }: Matrix): string {
  return learned === undefined
    ? 'every cell that is not fine ran three times'
    : 'each cell says how often it ran'
}

/** What the page shows in words. The histories are in its diagrams. */
function withoutHistories({ cells, classes, steps }: Matrix) {
  return { classes, steps, cells: cells.map((cell) => ({ ...cell, history: undefined })) }
}

/** In a script element, only "<" can end the script. */
function json(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`)
}
