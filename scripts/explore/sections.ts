import { escapeHtml } from '#chaos/lib/escape-html.ts'
import { resultLooks } from '#chaos/xray/judging/cell-results.ts'
import { columns } from '#chaos/xray/planning/columns.ts'

import { cellIdOf, type CellView, viewCell } from './cells.ts'
import type { RecordedOrder, Recording } from './recording.ts'
import { faults, predicted, versions } from './versions.ts'

/** The first surprise: every customer received a success response, and many orders are lost. */
export function runSection({ run }: Recording): string {
  const total = run.orders.length
  const lost = lostOf(run)
  const [silence] = run.faults
  const isHit = ({ startMs }: RecordedOrder): boolean =>
    silence !== undefined && startMs >= silence.fromMs && startMs <= silence.toMs
  const hit = run.orders.filter(isHit).length
  const guesses = [total, total - Math.min(4, lost), total - lost]
  return `<section id="run">
<p class="eyebrow">Unhappy Path · real runs, recorded · three minutes</p>
<h1>${total} customers received “order placed”. How many orders were processed?</h1>
<p>For two seconds, this small shop's API could not reach its job queue. Then one of two API processes was killed and restarted. Customers whose request failed sent it again. <b>In the end all ${total} received a success response (201).</b></p>
<ol class="dots" aria-label="The orders, in the sequence in which they began">${run.orders
    .map(
      (order) =>
        `<li data-lost="${String(order.isLost)}"${isHit(order) ? ' class="during"' : ''}></li>`,
    )
    .join('')}</ol>
<p class="key"><span class="dot"></span> received 201 <span class="dot during"></span> received 201, sent while the queue was unreachable (${hit}) <span class="reveal-only"><span class="dot lost">✕</span> lost</span></p>
<p id="guess-question"><b>Your guess?</b></p>
<div class="choices" role="group" aria-labelledby="guess-question">${guesses
    .map(
      (count) =>
        `<button data-guess="${count}" data-right="${String(count === total - lost)}">${guessWords(count, total, lost)}</button>`,
    )
    .join('')}</div>
<div id="run-answer" role="status"></div>
<template id="run-result"><p class="big"><b class="bad">${lost} of ${total} orders are lost.</b> No alarm, no error page: ${escapeHtml(checkAbout(run.checks, 'availability'))}</p>
<p>Each of these ${lost} customers has a confirmation. Postgres says <code>placed</code>. The queue has no job for the order, and no process will ever look for it.</p>
<p class="next"><a class="button" href="#follow">Follow one of them ↓</a></p></template>
</section>`
}

function guessWords(count: number, total: number, lost: number): string {
  if (count === total) return `All ${total}`
  if (count === total - lost) return `Only ${count}`
  return `${count}: a few were in flight when the process was killed`
}

function checkAbout(checks: Recording['run']['checks'], word: string): string {
  return checks.find(({ title }) => title.startsWith(word))?.summary ?? ''
}

/** The diagram of one lost order with a slider. */
export function followSection(svg: string): string {
  return `<section id="follow">
<h2>Where is an order lost? Follow one, message by message</h2>
<p>This is one order that was lost in the same way, recorded on every connection. Each vertical line is a process or a store, each arrow is a message, and time runs down. Move the slider, or press <kbd>→</kbd> on it.</p>
<div class="scrub">
<label for="moment">Moment</label>
<input type="range" id="moment" min="0" value="0" step="1">
<button id="play">▶ Play</button>
<p id="caption" aria-live="polite"></p>
</div>
<dl class="holds">${['client', 'postgres', 'queue', 'payments']
    .map(
      (source) =>
        `<div data-source="${source}"><dt>${source === 'client' ? 'the customer has' : `${source} holds`}</dt><dd></dd></div>`,
    )
    .join('')}</dl>
<div class="diagram" id="followed" tabindex="0" role="region" aria-label="Diagram of the lost order">${svg}</div>
<p>Two writes go to two systems: <code>COMMIT</code> to Postgres, then <code>addJob</code> to the queue. The process died between them. The customer asked again with the same key, and Postgres had the stored response: <b>201</b>. The retry turned a visible error into a silent loss.</p>
</section>`
}

/** The matrix with three cells to predict. */
export function xraySection(start: Recording): string {
  const { steps } = start.xray
  const asked = predicted.map((one) => cellIdOf(start, one))
  const head = columns
    .map(
      ({ heading, words }) =>
        `<th scope="col" title="${escapeHtml(words)}">${escapeHtml(heading)}</th>`,
    )
    .join('')
  const rows = steps.map((step) => {
    const cells = columns.map((column) => {
      const id = `${step.id}/${column.id}`
      const number = asked.indexOf(id)
      const name = `${step.signature}, ${column.heading}`
      return `<td><button data-cell="${id}" aria-label="${escapeHtml(name)}: not shown yet"${number < 0 ? ' disabled' : ` class="asked"`}>${number < 0 ? '' : number + 1}</button></td>`
    })
    return `<tr><th scope="row"><span class="link">${escapeHtml(step.link)}</span> ${escapeHtml(step.signature)}${step.nth > 1 ? ` #${step.nth}` : ''}</th>${cells.join('')}</tr>`
  })
  return `<section id="xray">
<h2>You need not wait for a bad day: an X‑ray loses every message on purpose</h2>
<p>An <b>X-ray</b> sends the same order again and again. Each time it breaks <b>one message in one way</b>, waits, and then reads the result from Postgres, the queue and payments.</p>
<ul>
<li>Each <b>row</b> is a message of the order, in time order: ${steps.length} of them. The customer sends the order twice, as after a timeout: <code>#2</code> marks the messages of the second request.</li>
<li>Each <b>column</b> is a way to break it: the request or the reply (rep) is cut, dropped silently or late; the caller or the callee dies (†) before it arrives or after it is executed.</li>
<li>Each <b>cell</b> is the result of one real order with one fault.</li>
</ul>
<p><b>Predict three cells before you see them.</b></p>
<div id="questions">${predicted.map((one, i) => question(start, one, i)).join('\n')}</div>
<p><button id="show-all">Show the whole X-ray</button></p>
<div class="matrix" tabindex="0" role="region" aria-label="The X-ray of the starting version"><table><thead><tr><td></td>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>
<div id="cell" role="status"></div>
<template id="matrix-words">${redWords(start)}</template>
</section>`
}

const answers = [
  ['fine', 'Processed once, charged once'],
  ['lost', 'Confirmed, but never processed'],
  ['double', 'Charged twice'],
  ['refused', 'Refused, without an effect'],
] as const

function question(start: Recording, one: (typeof predicted)[number], i: number): string {
  const view = viewCell(start, cellIdOf(start, one))
  const buttons = answers.map(
    ([answer, words]) =>
      `<button data-answer="${answer}" data-right="${String(answer === answerOf(view))}">${words}</button>`,
  )
  const text = escapeHtml(one.question).replaceAll(/\*\*(.+?)\*\*/g, '<b>$1</b>')
  return `<fieldset data-question="${i}" data-id="${view.id}"${i === 0 ? '' : ' hidden'}>
<legend><span class="number">${i + 1}</span> <span class="muted">Row <code>${escapeHtml(one.signature)}</code>, column <code>${escapeHtml(columns.find(({ id }) => id === one.column)?.heading ?? '')}</code>.</span> ${text} <b>What is the result?</b></legend>
<div class="choices">${buttons.join('')}</div>
<div class="answer" role="status"></div>
<template>${escapeHtml(one.because)}</template>
</fieldset>`
}

/** Which of the four answers a result is. */
function answerOf({ word }: { readonly word: string }): (typeof answers)[number][0] {
  if (word === resultLooks.lost.word) return 'lost'
  if (word === resultLooks['double-effect'].word) return 'double'
  return word === resultLooks['ok-rejected'].word ? 'refused' : 'fine'
}

/** Where the red cells are, together with those that a red cell represents. */
function redWords(start: Recording): string {
  const views = start.xray.cells.map(({ id }) => viewCell(start, id))
  const red = views.filter(({ colour }) => colour === 'red')
  const rows = [...new Set(red.map(({ id }) => id.split('/')[0] ?? ''))].map(
    (id) =>
      `<code>${escapeHtml(start.xray.steps.find((step) => step.id === id)?.signature ?? id)}</code>`,
  )
  const others = views.some(({ colour }) => colour === 'orange')
    ? ''
    : ' Every other message can be lost without harm.'
  return `<p class="big"><b class="bad">${red.length} cells are red</b>, all in the rows ${rows.join(' and ')}.${others} A row is a message, and a message is one line of code: <b>the X‑ray found the line.</b></p>
<p>Select a cell to read its story; the arrow keys move. <span class="muted">A dotted cell was not run: another cell has the same effect and represents it.</span></p>
<ul class="legend">${legendOf(views)}</ul>`
}

/** Each word that the matrix has, the red ones first, with its meaning. */
function legendOf(views: readonly CellView[]): string {
  const byWord = new Map(views.map((view) => [view.word, view]))
  const rank = ({ colour }: CellView): number => ['red', 'orange'].indexOf(colour)
  return [...byWord.values()]
    .toSorted((a, b) => rank(b) - rank(a))
    .map(
      ({ colour, word, meaning }) =>
        `<li><span class="chip ${colour}">${escapeHtml(word)}</span> ${escapeHtml(meaning)}</li>`,
    )
    .join('')
}

/** Three versions under three faults: a table of switches, and the chosen one below it. */
export function compareSection(recordings: readonly Recording[]): string {
  const head = versions.map(({ name }) => `<th scope="col">${name}</th>`).join('')
  const rows = faults.map((fault, f) => {
    const cells = recordings.map((recording, v) => {
      const { colour, word, meaning } = viewCell(recording, cellIdOf(recording, fault))
      const label = `${versions[v]?.name ?? ''}, ${fault.what}: ${word}, ${meaning}`
      return `<td><button class="${colour}" data-version="${v}" data-fault="${f}" aria-pressed="false" aria-label="${escapeHtml(label)}">${escapeHtml(word)}</button></td>`
    })
    return `<tr><th scope="row">${escapeHtml(fault.what)}</th>${cells.join('')}</tr>`
  })
  const runs = recordings.map(
    ({ run }) =>
      `<td class="${run.outcome === 'held' ? 'held' : 'violated'}">${escapeHtml(lostWords(run))}</td>`,
  )
  return `<section id="compare">
<h2>Start, near miss and fix under the same fault</h2>
<p>The near miss looks right: it retries until the queue responds. Switch between the versions.</p>
<div class="matrix" tabindex="0" role="region" aria-label="Three versions under three faults"><table class="switch"><thead><tr><td></td>${head}</tr></thead><tbody>${rows.join('\n')}
<tr><th scope="row">The run from the top of this page, with this version</th>${runs.join('')}</tr></tbody></table></div>
<div class="compared">
<p id="compared-story" role="status"></p>
${versions
  .map(
    ({ name, what }, i) =>
      `<div data-code="${i}" hidden><h3>${name}: ${escapeHtml(what)}</h3><pre tabindex="0"><code>${escapeHtml(bodyOf(recordings[i]?.code ?? ''))}</code></pre></div>`,
  )
  .join('\n')}
<div class="diagram" id="compared" tabindex="0" role="region" aria-label="Diagram of the order"></div>
</div>
</section>`
}

function lostWords(run: Recording['run']): string {
  const total = run.orders.length
  const lost = lostOf(run)
  return lost === 0 ? `none of ${total} lost` : `${lost} of ${total} lost`
}

function lostOf({ orders }: Recording['run']): number {
  return orders.filter(({ isLost }) => isLost).length
}

/** The function without imports and comments. */
function bodyOf(code: string): string {
  return code
    .replaceAll(/^import .*\n/gm, '')
    .replaceAll(/\/\*\*[^]*?\*\/\n/g, '')
    .trim()
}

/** How to get the real thing, and where the recordings come from. */
export function startSection(recordings: readonly Recording[]): string {
  const sources = recordings.map(
    ({ version, run, xray }, i) =>
      `<li>${versions[i]?.name ?? ''} (<code>${escapeHtml(version)}</code>): X-ray of ${xray.startedAt.slice(0, 10)}, ${xray.mode}, Node ${escapeHtml(xray.node)}; run of ${run.startedAt.slice(0, 10)}, seed ${run.seed}.</li>`,
  )
  return `<section id="start">
<h2>Run it, then fix it yourself</h2>
<p>Everything on this page was recorded from real processes: a Fastify API, Postgres, Redis with BullMQ, a worker and a payment service. You need Node.js 20 or newer, and no Docker:</p>
<pre tabindex="0"><code>npm install && npm start
npx unhappy lab start dual-write
npx unhappy xray ${recordings[0]?.xray.flow ?? ''} --lab dual-write --version start</code></pre>
<details><summary>The recordings</summary><ul>${sources.join('')}</ul><p>The shop has a second safety net: a reconciler that looks for orders without progress. This lab switches it off, because it would hide the bug for a while. X-rays run with short timers, so that they take minutes. <code>npm run explore:record</code> records them again.</p></details>
</section>`
}
