import { escapeHtml } from '#chaos/lib/escape-html.ts'
import { resultLooks } from '#chaos/xray/judging/cell-results.ts'
import { columns } from '#chaos/xray/planning/columns.ts'

import { cellIdOf, type CellView, viewCell } from './cells.ts'
import type { Recording } from './recording.ts'
import { lostOf } from './run-section.ts'
import { headingOf } from './story-words.ts'
import { faults, lab, predicted, versions } from './versions.ts'

/** The diagram of one lost order with a slider. */
export function followSection(svg: string): string {
  return `<section id="follow">
<h2>Where is an order lost? Follow one, message by message</h2>
<p>This order was lost like most of them: the message to the queue never arrived. It is from another recording, with every connection in it. In the run the connection was silent; here it is reset. Each vertical line is a process or a store, each arrow is a message, and time runs down. Move the slider, or press <kbd>→</kbd> on it.</p>
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
<p id="explanation">Two writes go to two systems: <code>COMMIT</code> to Postgres, then <code>addJob</code> to the queue. The second one failed, and the API replied 500. The customer sent the order again with the same key, and Postgres had the stored response: <b>201</b>. The retry turned a visible error into a silent loss. The few orders in a process that is killed between the two writes end the same way: question 2 below has one.</p>
</section>`
}

/** The matrix with three cells to predict. */
export function xraySection(start: Recording): string {
  const { steps } = start.xray
  const asked = predicted.map((one) => cellIdOf(start, one))
  const head = columns
    .map(({ id, words }) => `<th scope="col" title="${escapeHtml(words)}">${headingOf(id)}</th>`)
    .join('')
  const rows = steps.map((step) => {
    const cells = columns.map((column) => {
      const id = `${step.id}/${column.id}`
      const number = asked.indexOf(id)
      const name = `${step.signature}, ${headingOf(column.id)}`
      return `<td><button data-cell="${id}" aria-label="${escapeHtml(name)}: not shown yet" disabled${number < 0 ? '' : ' class="asked"'}>${number < 0 ? '' : number + 1}</button></td>`
    })
    return `<tr><th scope="row"><span class="link">${escapeHtml(step.link)}</span> ${escapeHtml(step.signature)}${step.nth > 1 ? ` #${step.nth}` : ''}</th>${cells.join('')}</tr>`
  })
  const ran = start.xray.cells.filter(
    ({ sameAs, result }) => sameAs === undefined && result !== 'n/a',
  ).length
  return `<section id="xray">
<h2>You need not wait for a bad day: an X‑ray loses every message on purpose</h2>
<p>An <b>X-ray</b> sends the same order again and again. Each time it breaks <b>one message in one way</b>, waits, and then reads the result from Postgres, the queue and payments.</p>
<ul>
<li>Each <b>row</b> is a message of the order, in time order: ${steps.length} of them. The customer sends the order twice, as after a timeout: <code>#2</code> marks the messages of the second request.</li>
<li>Each <b>column</b> is a way to break it: the connection is cut, the message is dropped silently, or the reply is late; or the sender or the receiver of the request is killed, before the request arrives or after it is executed.</li>
<li>Each <b>cell</b> is a result. ${ran} cells were run: one real order with one fault each. A <b>dotted</b> cell was not run: another cell has the same effect and represents it.</li>
<li><code>addJob</code> puts the order into the queue, <code>moveToActive</code> takes it out for a worker, <code>moveToFinished</code> ends it.</li>
</ul>
<p><b>Predict three cells before you see them.</b></p>
<div id="questions">${predicted.map((one, i) => question(start, one, i)).join('\n')}</div>
<p><button id="show-all">Show the whole X-ray</button></p>
<div id="found" role="status"><p class="muted">The numbers 1 to 3 mark the cells of the questions. The table shows the other cells when you have answered.</p></div>
<div class="matrix" tabindex="0" role="region" aria-label="The X-ray of the starting version"><table><thead><tr><td></td>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>
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
<legend><span class="number">${i + 1}</span> <span class="muted">Row <code>${escapeHtml(one.signature)}</code>, column <code>${headingOf(one.column)}</code>.</span> ${text} <b>What is the result?</b></legend>
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
<p>Select a cell to read its story below its row; the arrow keys move.</p>
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
  const [, nearMiss] = recordings
  if (nearMiss === undefined) throw new Error('There is no recording of the near miss.')
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
<p>The near miss looks right: it retries until the queue responds. It still loses ${lostOf(nearMiss.run)} orders, because the list of what it must retry is in the memory of a process, and that process is killed. The fix stores the message in Postgres. A <b>relay</b> is a loop in the worker: it reads stored messages and sends each to the queue until it succeeds.</p>
<div class="matrix" tabindex="0" role="region" aria-label="Three versions under three faults"><table class="switch"><thead><tr><td></td>${head}</tr></thead><tbody>${rows.join('\n')}
<tr><th scope="row">The run from the top of this page, with this version</th>${runs.join('')}</tr></tbody></table></div>
<p id="switch-label"><b>Show the version:</b></p>
<div class="choices segments" role="group" aria-labelledby="switch-label">${versions
    .map(({ name }, v) => `<button data-switch="${v}" aria-pressed="false">${name}</button>`)
    .join('')}</div>
<p id="compared-fault"></p>
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
<p>Everything on this page was recorded from real processes: a Fastify API, Postgres, Redis with BullMQ, a worker and a payment service. You need Git and Node.js 20 or newer, and no Docker. REPOSITORY is the address of the repository that has this page:</p>
<pre tabindex="0"><code>git clone REPOSITORY unhappy-path
cd unhappy-path
npm install && npm start</code></pre>
<p>Open a second terminal in that folder. The first command makes the file <code>my-work/${lab}/place-order.ts</code>. <b>Edit that file</b>, then judge it with the second. The third makes the X-ray above:</p>
<pre tabindex="0"><code>npx unhappy lab start ${lab}
npx unhappy lab check ${lab}
npx unhappy xray ${recordings[0]?.xray.flow ?? ''} --lab ${lab} --version start</code></pre>
<details><summary>The recordings</summary><ul>${sources.join('')}</ul><p>The three runs were checked one after another, and each check draws a new seed. A seed decides the random choices of the customers, such as the time between two orders. So the runs have the same faults and as many orders, but not the same moments. The reconciler, a safety net that looks for orders without progress, is switched off in all of them.</p><p>X-rays run with short timers, so that they take minutes. <code>npm run explore:record</code> records them again.</p></details>
</section>`
}
