import { impactOf, impactWindowMs } from '../health/health.ts'
import type { Stage, StageSample } from './stage.ts'

/** What customers see, in one sentence. The tone says how loud the page shows it. */
export interface Sentence {
  readonly text: string
  readonly tone: 'good' | 'slow' | 'bad' | 'out' | 'unsure'
}

/** Customers notice a response that takes this long. */
const slowMs = 1_000

/** A share of slow responses below this one is not worth a word. */
const slowShare = 0.1

const namedMax = 2

/** `operations`: the kinds of the system with their nouns. */
export function sentenceOf(
  stage: Stage,
  operations: readonly { readonly kind: string; readonly nouns: string }[],
): Sentence {
  const unsure = (text: string): Sentence => ({ text, tone: 'unsure' })
  if (stage.connection === 'waiting') return unsure('No data yet.')
  if (stage.connection === 'lost')
    return unsure('The controller does not respond: what customers see is unknown.')
  const recent = stage.samples.filter(({ ms }) => ms >= stage.ms - impactWindowMs)
  const within = `in the last ${impactWindowMs / 1_000} seconds`
  const { health } = impactOf(
    recent.map(({ result }) => result),
    { sends: stage.isSending, sinceMs: stage.sendingForMs, current: true },
  )
  const tone = tones[health]
  if (recent.length === 0)
    return stage.isSending
      ? { text: `Customers send requests. None of them has ended ${within}.`, tone }
      : unsure('No customers: no requests are sent.')
  const failed = recent.filter(isFailing)
  if (failed.length === 0) return allAnswered(recent, within)
  if (failed.length === recent.length) {
    const unknown = failed.filter(({ outcome }) => outcome === 'unknown').length
    const results =
      unknown === 0
        ? `${failed.length} failed`
        : `${failed.length - unknown} failed, ${unknown} have an unknown result`
    return { text: `No request succeeded ${within}: ${results}.`, tone }
  }
  const text = someFailed(recent, operations)
  return { text: `${text.charAt(0).toUpperCase()}${text.slice(1)} (${within}).`, tone }
}

/** The header shows the same health of the customers' requests. */
const tones = { unknown: 'unsure', good: 'good', some: 'bad', outage: 'out' } as const

function isFailing({ result }: StageSample): boolean {
  return result === 'failing'
}

function allAnswered(recent: readonly StageSample[], within: string): Sentence {
  const refused = recent.filter(({ result }) => result === 'refused').length
  if (refused > 0)
    return {
      text: `No request failed ${within}: ${recent.length - refused} succeeded, ${refused} received a refusal such as "sold out".`,
      tone: 'good',
    }
  const slow = recent.filter(({ tookMs }) => tookMs >= slowMs).length
  const all =
    recent.length === 1
      ? `The only request ${within} succeeded`
      : `All ${recent.length} requests succeeded ${within}`
  if (slow < recent.length * slowShare) return { text: `${all}.`, tone: 'good' }
  const some = slow === recent.length ? 'every one' : `${slow} of them`
  return {
    text: `${all}, ${recent.length === 1 ? '' : `${some} `}after more than a second.`,
    tone: 'slow',
  }
}

function someFailed(
  recent: readonly StageSample[],
  operations: readonly { readonly kind: string; readonly nouns: string }[],
): string {
  const kinds = [...new Set(recent.map(({ kind }) => kind))].map((kind) => {
    const mine = recent.filter((sample) => sample.kind === kind)
    const failed = mine.filter(isFailing)
    const nouns = operations.find((one) => one.kind === kind)?.nouns ?? kind
    return { nouns, failed, share: failed.length / mine.length, total: mine.length }
  })
  const broken = kinds
    .filter(({ failed }) => failed.length > 0)
    .toSorted((a, b) => b.share - a.share)
  // Of many broken kinds, the sum says more than a list.
  if (broken.length > namedMax) {
    const failed = recent.filter(isFailing)
    return countOf(failed, 'requests', recent.length)
  }
  const named = broken
    .map(({ failed, nouns, total }) => countOf(failed, nouns, total))
    .join(' and ')
  return broken.length === kinds.length ? named : `${named}; all other requests succeeded`
}

/** `10 of 12 orders failed`. An unknown result is not a failure: the customer received no success response. */
function countOf(failed: readonly StageSample[], nouns: string, total: number): string {
  const known = failed.every(({ outcome }) => outcome === 'fail')
  const what = known ? 'failed' : 'received no success response'
  if (failed.length === total && total > 1) return `all ${total} ${nouns} ${what}`
  return `${failed.length} of ${total} ${nouns} ${what}`
}
