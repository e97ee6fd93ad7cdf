import { escapeHtml } from '#chaos/lib/escape-html.ts'

import type { RecordedOrder, RecordedRun, Recording } from './recording.ts'

/** The first surprise: every customer received a success response, and many orders are lost. */
export function runSection({ run }: Recording): string {
  const total = run.orders.length
  const lost = lostOf(run)
  const isHit = (order: RecordedOrder): boolean => whenBegan(run, order) === 'during'
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
<template id="run-result"><p class="big"><b class="bad">${lost} of ${total} orders are lost.</b> No alarm, no error page: all ${total} customers received a success response in the end.</p>
${splitOfLost(run)}
<p>Each of these ${lost} customers has a confirmation. Postgres says <code>placed</code>. The queue has no job for the order, and no process looks for it. (The shop has a safety net that does: the <b>reconciler</b>. It is <b>switched off</b> on this page, because it would hide the bug.)</p>
<p class="next"><a class="button" href="#follow">Follow one of them ↓</a></p></template>
</section>`
}

function guessWords(count: number, total: number, lost: number): string {
  if (count === total) return `All ${total}`
  if (count === total - lost) return `Only ${count}`
  return `${count}: a few were in flight when the process was killed`
}

/** The lost orders by the moment at which they began. The recording has no more about a cause. */
function splitOfLost(run: RecordedRun): string {
  const lost = run.orders.filter(({ isLost }) => isLost)
  const began = (when: ReturnType<typeof whenBegan>): number =>
    lost.filter((order) => whenBegan(run, order) === when).length
  const [silence] = run.faults
  const lastMs = Math.max(...lost.map(({ startMs }) => startMs)) - (silence?.toMs ?? 0)
  const others = [
    [began('before'), 'began just before the silence'],
    [
      began('after'),
      `began in the first ${Math.round(lastMs)} ms after the silence, before requests succeeded again. One API process was down at that time`,
    ],
  ] as const
  const retried = lost.filter(({ attempts }) => attempts > 1).length
  return `<ul><li><b>${began('during')}</b> began while the queue was unreachable.</li>
<li><b>${lost.length - began('during')} others</b> began at its edges: ${others
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${escapeHtml(words)}`)
    .join('; ')}.</li></ul>
<p>For ${retried === lost.length ? `all ${lost.length}` : `${retried} of the ${lost.length}`}, the first request failed and a retry received the 201.</p>`
}

function whenBegan({ faults }: RecordedRun, { startMs }: RecordedOrder) {
  const [silence] = faults
  if (silence === undefined || startMs < silence.fromMs) return 'before'
  return startMs <= silence.toMs ? 'during' : 'after'
}

export function lostOf({ orders }: RecordedRun): number {
  return orders.filter(({ isLost }) => isLost).length
}
