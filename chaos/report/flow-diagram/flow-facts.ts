import {
  type FlowComparison,
  type FlowMessage,
  type FlowRecord,
  flowOf,
} from '#chaos/contracts/flow-record.ts'
import { escapeHtml } from '#chaos/lib/escape-html.ts'

import { durationWords, gapWords, momentWords } from './moment-words.ts'

/** One line of the text that says the same as the diagram. */
export interface FlowFact {
  readonly ms: number
  /** `client`, `api-1`, `fault`, `postgres holds`. */
  readonly who: string
  readonly text: string
  readonly kind: 'attempt' | 'message' | 'fault' | 'gap' | 'holding' | 'missing'
}

/** Everything that the diagram shows, in time order: for screen readers, and to copy as text. */
export function flowFacts(drawn: FlowRecord | FlowComparison): readonly FlowFact[] {
  const record = flowOf(drawn)
  const missing = 'flow' in drawn ? drawn.missing : []
  const facts: FlowFact[] = [
    ...record.attempts.map((attempt, i): FlowFact => ({
      ms: attempt.startMs,
      who: 'client',
      kind: 'attempt',
      text: `attempt ${i + 1} at ${attempt.instance}: ${attempt.result} (${attempt.outcome}) after ${durationWords(attempt.endMs - attempt.startMs)}`,
    })),
    ...record.messages.map((message): FlowFact => ({
      ms: message.sentMs,
      who: message.from,
      kind: 'message',
      text: describeMessage(message, record),
    })),
    ...record.faults.map((fault): FlowFact => ({
      ms: fault.fromMs,
      who: 'fault',
      kind: 'fault',
      text: `${fault.label}${fault.toMs > fault.fromMs ? `, until ${momentWords(fault.toMs)}` : ''}`,
    })),
    ...record.gaps.map((gap): FlowFact => ({
      ms: gap.fromMs,
      who: gap.lane,
      kind: 'gap',
      text: gapWords(gap),
    })),
    ...record.holdings.map((holding): FlowFact => ({
      ms: holding.atMs,
      who: `${holding.source} holds`,
      kind: 'holding',
      text: `${holding.text}${holding.isWrong === true ? ' (wrong)' : ''}`,
    })),
  ]
  const sorted = facts.toSorted((a, b) => a.ms - b.ms)
  return [
    ...sorted,
    ...missing.map((message): FlowFact => ({
      ms: message.sentMs,
      who: message.from,
      kind: 'missing',
      text: `only without the fault: ${message.text} to ${message.to}`,
    })),
  ]
}

/** `COMMIT to postgres, arrives after 0.2 ms, reply after 0.9 ms`. */
export function describeMessage(message: FlowMessage, record: FlowRecord): string {
  const { part, text, to, summary, sentMs, arrivedMs, fault, differs } = message
  const request =
    part === 'reply'
      ? record.messages.find((one) => one.exchange === message.exchange && one.part === 'request')
      : undefined
  const name = part === 'reply' ? `reply ${text}`.trim() : text
  return [
    `${name}${request === undefined ? '' : ` to ${request.text}`} → ${to}`,
    ...(arrivedMs === undefined ? ['never arrives'] : tookWords(sentMs, arrivedMs)),
    ...(request === undefined || arrivedMs === undefined
      ? []
      : [`${durationWords(arrivedMs - request.sentMs)} after the request`]),
    ...(fault === undefined ? [] : [fault]),
    ...(differs === 'new' ? ['only with the fault'] : []),
    ...(summary === undefined ? [] : [summary]),
  ].join(', ')
}

/** A recording with one time for each message says nothing about its way. */
function tookWords(sentMs: number, arrivedMs: number): readonly string[] {
  return arrivedMs > sentMs ? [`takes ${durationWords(arrivedMs - sentMs)}`] : []
}

/** The facts as lines of text, to paste anywhere. */
export function factsAsText(drawn: FlowRecord | FlowComparison): string {
  const record = flowOf(drawn)
  const facts = flowFacts(drawn)
  const times = facts.map(({ ms }) => momentWords(ms))
  const timeWidth = Math.max(0, ...times.map((time) => time.length))
  const whoWidth = Math.max(0, ...facts.map(({ who }) => who.length))
  return [
    record.title,
    ...facts.map(
      ({ who, text }, i) =>
        `${(times[i] ?? '').padStart(timeWidth)}  ${who.padEnd(whoWidth)}  ${text}`,
    ),
    ...(record.isComplete
      ? []
      : [`The recording is incomplete: ${record.incompleteBecause ?? 'messages are missing'}.`]),
  ].join('\n')
}

/** The facts as an HTML table, for a page without scripts. */
export function flowTable(drawn: FlowRecord | FlowComparison): string {
  const rows = flowFacts(drawn).map(
    ({ ms, who, text, kind }) =>
      `<tr${kind === 'fault' ? ' class="fault"' : ''}><td>${momentWords(ms)}</td><td><b>${escapeHtml(who)}</b></td><td>${escapeHtml(text)}</td></tr>`,
  )
  return `<table><thead><tr><th>time</th><th>who</th><th>what</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}
