import { escapeHtml } from '#chaos/lib/escape-html.ts'

import { plainPage } from './plain-page.ts'

/** Where a learner joins with a browser alone. `problem` says why an attempt failed. */
export function joinSeatPage(title: string, problem = ''): string {
  const why = problem === '' ? '' : `<p role="alert"><b>${escapeHtml(problem)}</b></p>`
  return plainPage(
    escapeHtml(title),
    `${why}<p>You receive a sandbox of your own on this machine. You need this browser and nothing else.</p>
<form method="post" action="/seats">
<label>Your name <input name="name" required autocomplete="off" autofocus></label>
<label>Code <input name="code" required autocomplete="off"> It is on the projector.</label>
<label><input type="checkbox" name="incidents" value="yes"> The instructor may start incidents in my sandbox</label>
<button>Join</button>
</form>
<p>The instructor sees your labs, predictions, verdicts, hints and times. The instructor may look into your sandbox, and change something in it while you ask for help.</p>`,
  )
}

/** Until the seat is ready. `problem` says what is wrong with it. */
export function waitingPage(seat: number, problem: string | null): string {
  return plainPage(
    `Seat ${seat}`,
    `${problem === null ? '<p>Your sandbox starts. This page goes on by itself.</p>' : `<p role="alert">${escapeHtml(problem)}</p>`}
<noscript><p>Load this page again in some seconds.</p></noscript>`,
    '<script src="/seats/wait.js"></script>',
  )
}

/** With the fragment of the address: a page that is named by it comes back. */
export const waitScript =
  "AbortSignal.timeout(1000).addEventListener('abort', () => location.reload())\n"

/** For a browser without a session of this seat. */
export function lockedSeatPage(seat: number): string {
  return plainPage(
    `Seat ${seat}`,
    `<p>This browser has no access to this seat. If it is yours, open it in the browser where you joined, or ask the instructor for a link to it.</p>
<p><a href="/">Join the workshop</a></p>`,
  )
}

/** A browser holds back a strict cookie after a link on another page. A second request, from this page, contains it. */
export function goOnPage(address: string): string {
  const to = escapeHtml(address)
  return plainPage(
    'Opening the seat',
    `<p><a href="${to}">Go on</a></p>`,
    `<meta http-equiv="refresh" content="0;url=${to}">`,
  )
}
