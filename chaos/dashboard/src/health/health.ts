import type { FiguresEvent } from '../../../contracts/events.ts'
import type { Operation } from '../../../contracts/history.ts'
import type { LinkHealth } from '../../../contracts/links.ts'

/**
 * How well requests succeed. It says nothing about processes: all of them can run while no request succeeds. `unknown`: nothing
 * was sent, or nothing is known.
 */
export type Health = 'unknown' | 'good' | 'some' | 'outage'

/** What the customers experience. */
export interface Impact {
  readonly health: Health
  /** `12 % of requests fail`. */
  readonly text: string
}

/** The time for which the impact is judged. */
export const impactWindowMs = 5_000
/** Below this share of failures, a link or a part is not marked. Its figures still say what failed. */
const minorShare = 0.01
/** Fewer failures than this are not an outage. */
const outageMin = 3

/** How an operation ended for its customer. `refused`: the answer names a fault of the request itself, such as "sold out". */
export type Result = 'ok' | 'refused' | 'failing'

/** Header, picture and presenter view judge operations with this function, so they cannot contradict each other. */
export function resultOf({ outcome, attempts }: Pick<Operation, 'outcome' | 'attempts'>): Result {
  if (outcome === 'ok') return 'ok'
  if (outcome === 'unknown') return 'failing'
  const status = attempts.at(-1)?.status
  return status === undefined || status >= 500 || status === 429 ? 'failing' : 'refused'
}

/**
 * The impact on the sandbox's own clients, from the results of what ended in the last {@link impactWindowMs}. `sends`: they
 * send requests now, so silence means that nothing has ended. `sinceMs`: for how long they have sent. `current`: false while
 * the events do not arrive.
 */
export function impactOf(
  results: readonly Result[],
  now: { readonly sends: boolean; readonly sinceMs: number; readonly current: boolean },
): Impact {
  if (!now.current) return { health: 'unknown', text: 'not known' }
  const failing = results.filter((result) => result === 'failing').length
  const all = results.length
  if (all === 0)
    return now.sends && now.sinceMs >= impactWindowMs
      ? { health: 'outage', text: 'no request ends' }
      : { health: 'unknown', text: now.sends ? 'no request has ended yet' : 'no requests' }
  if (failing === 0)
    return {
      health: 'good',
      text: results.includes('refused') ? 'no request fails' : 'all requests succeed',
    }
  if (failing === all)
    return { health: all < outageMin ? 'some' : 'outage', text: 'every request fails' }
  return { health: 'some', text: `${shareText(failing, all)} of requests fail` }
}

/** The health of a link from its exchanges. */
export function healthOfLink(exchanges: LinkHealth | undefined): Health {
  if (exchanges === undefined) return 'unknown'
  const { ended, failed, waiting, waitsMs } = exchanges
  if (ended === 0) return waiting > 0 && waitsMs >= impactWindowMs ? 'outage' : 'unknown'
  if (failed / ended < minorShare) return 'good'
  return failed === ended && ended >= outageMin ? 'outage' : 'some'
}

/** `38/s`, `100 % ok`, `p50 2.1 ms`, `p95 12 ms`. Null: nothing was sent, or nothing is known. */
export function linkWords(exchanges: LinkHealth | undefined): readonly string[] | null {
  if (exchanges === undefined) return null
  const { ended, failed, p50Ms, p95Ms, waiting, windowMs } = exchanges
  if (ended === 0) return waiting > 0 ? [`${waiting} waiting`] : null
  return [
    rateText(ended, windowMs),
    failed === 0 ? '100 % ok' : `${shareText(ended - failed, ended)} ok`,
    ...(p50Ms === null || p95Ms === null
      ? []
      : [`p50 ${shortMs(p50Ms, p95Ms)}`, `p95 ${msText(p95Ms)}`]),
  ]
}

/** The figures of a link, each in words; `–` where there is nothing to say. */
export function linkColumns(exchanges: LinkHealth | undefined) {
  const none = '–'
  const { ended = 0, failed = 0, windowMs = 1, p50Ms = null, p95Ms = null } = exchanges ?? {}
  return {
    rate: ended === 0 ? none : rateText(ended, windowMs),
    succeed: ended === 0 ? none : shareText(ended - failed, ended),
    p50: p50Ms === null ? none : msText(p50Ms),
    p95: p95Ms === null ? none : msText(p95Ms),
    waiting: exchanges === undefined ? none : `${exchanges.waiting}`,
  }
}

function rateText(ended: number, windowMs: number): string {
  const rate = ended / (windowMs / 1_000)
  return `${rate < 10 ? Number(rate.toFixed(1)) : Math.round(rate)}/s`
}

/** Never rounds a part to nothing, or to everything: `<1 %`, `>99 %`. */
export function shareText(part: number, all: number): string {
  const percent = (100 * part) / all
  if (part > 0 && percent < 1) return '<1 %'
  if (part < all && percent > 99) return '>99 %'
  return `${Math.round(percent)} %`
}

/** Beside another time of the same unit, the unit is said once. */
function shortMs(ms: number, next: number): string {
  const text = msText(ms)
  return ms < 1_000 === next < 1_000 ? text.replace(/ .*/, '') : text
}

function msText(ms: number): string {
  if (ms >= 1_000) return `${Number((ms / 1_000).toPrecision(2))} s`
  return `${Number(ms.toPrecision(2))} ms`
}

/** Links, each with the part that receives its requests. */
type NamedLinks = readonly { readonly name: string; readonly callee: string }[]

/** The figures of the links on which a part receives requests. */
function receivedBy(name: string, figures: FiguresEvent | null, links: NamedLinks) {
  const incoming = new Set(links.filter(({ callee }) => callee === name).map((link) => link.name))
  return (figures?.links ?? [])
    .filter(({ link }) => incoming.has(link))
    .flatMap(({ exchanges }) => exchanges ?? [])
}

function sum(exchanges: readonly LinkHealth[], figure: 'ended' | 'failed' | 'waiting'): number {
  return exchanges.reduce((total, one) => total + one[figure], 0)
}

/** What a part of the system has to do, in a few words each, the most important first. */
export function loadOfPart(
  name: string,
  figures: FiguresEvent | null,
  links: NamedLinks,
  stored: readonly { readonly text: string; readonly value: number }[],
): readonly string[] {
  if (figures === null) return []
  const own = figures.instances?.find(({ instance }) => instance === name)
  const gauges = Object.entries(own?.gauges ?? {}).filter(([, value]) => value > 0)
  const waiting = sum(receivedBy(name, figures, links), 'waiting')
  return [
    ...stored.filter(({ value }) => value > 0).map(({ text, value }) => `${value} ${text}`),
    ...gauges.map(([text, value]) => `${value} ${text}`),
    ...(waiting > 0 ? [`${waiting} in progress`] : []),
  ]
}

/** The health of a part: that of the requests that it receives; and in words what fails. */
export function healthOfPart(
  name: string,
  figures: FiguresEvent | null,
  links: NamedLinks,
): { readonly health: Health; readonly failing: string | null } {
  const received = receivedBy(name, figures, links)
  const health = worstOf(received)
  if (health === 'outage') return { health, failing: 'every request fails' }
  if (health !== 'some') return { health, failing: null }
  const ended = sum(received, 'ended')
  const share = ended === 0 ? 'some' : shareText(sum(received, 'failed'), ended)
  return { health, failing: `${share} of requests fail` }
}

function worstOf(received: readonly LinkHealth[]): Health {
  const known = received.map(healthOfLink).filter((health) => health !== 'unknown')
  if (known.length === 0) return 'unknown'
  if (known.every((health) => health === 'good')) return 'good'
  return known.every((health) => health === 'outage') ? 'outage' : 'some'
}
