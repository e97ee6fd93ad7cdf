import type { FlowMessage, FlowRecord } from '#chaos/contracts/flow-record.ts'
import type { DrawnArrow } from '#chaos/report/flow-diagram/flow-layout.ts'
import { layOutFlow } from '#chaos/report/flow-diagram/lay-out-flow.ts'

/** A moment to which the user scrubs. */
export interface Moment {
  readonly ms: number
  /** Its height in the diagram. */
  readonly y: number
  /** The middle of the message that is sent then. Absent: no message is. */
  readonly x?: number
  /** What happens, for the line under the slider. */
  readonly texts: readonly string[]
  /** What each source of truth holds from here on. */
  readonly holds: Readonly<Record<string, { readonly text: string; readonly isWrong: boolean }>>
}

/** The moments of a flow at which something happens. `drawn`: the flow as the diagram has it. */
export function momentsOf(flow: FlowRecord, drawn: FlowRecord): readonly Moment[] {
  const [part] = layOutFlow(drawn).parts
  if (part === undefined) throw new Error('The diagram is empty.')
  const { scale, arrows } = part
  const events = [
    ...flow.messages.map((message) => ({
      ms: message.sentMs,
      text: messageWords(message, flow.messages),
    })),
    ...flow.faults.map(({ fromMs, label }) => ({
      ms: fromMs,
      // The name of the message is in its own text.
      text: label.slice(label.indexOf(': ') + 2),
    })),
    ...flow.gaps.flatMap(({ lane, fromMs, toMs }) => [
      { ms: fromMs, text: `${lane} is down` },
      ...(toMs < flow.toMs ? [{ ms: toMs, text: `${lane} is ready again` }] : []),
    ]),
    ...flow.attempts.map(({ endMs, result }) => ({
      ms: endMs,
      text: `the customer receives ${result}`,
    })),
  ]
  const times = [
    flow.fromMs,
    ...events.map(({ ms }) => ms),
    ...flow.holdings.map(({ atMs }) => atMs),
  ]
  return [...new Set(times)]
    .toSorted((a, b) => a - b)
    .map((ms) => ({
      ms,
      y: Math.round(scale.yOf(ms)),
      ...middleOf(arrows.find(({ message }) => message.sentMs === ms)),
      texts: events.filter((event) => event.ms === ms).map(({ text }) => text),
      holds: Object.fromEntries(
        flow.holdings
          .filter(({ atMs }) => atMs <= ms)
          .map(({ source, text, isWrong = false }) => [source, { text, isWrong }]),
      ),
    }))
}

function middleOf(arrow: DrawnArrow | undefined): Pick<Moment, 'x'> {
  return arrow === undefined ? {} : { x: Math.round((arrow.x1 + arrow.x2) / 2) }
}

function messageWords(
  { exchange, part, from, to, text, arrivedMs }: FlowMessage,
  messages: readonly FlowMessage[],
): string {
  if (part === 'request' && arrivedMs !== undefined) return `${from} sends ${text} to ${to}`
  if (part === 'request') return `✕ the message ${text} from ${from} never reaches ${to}`
  if (arrivedMs !== undefined) return `${from} replies to ${to}: ${text}`
  const request = messages.find((one) => one.exchange === exchange && one.part === 'request')
  return `✕ the reply to ${request?.text ?? 'the request'} never reaches ${to}`
}

/** When each label of the diagram may be read, by `KIND:INDEX`. A name with a reply in it: when the reply is sent. */
export function labelTimes(flow: FlowRecord, drawn: FlowRecord): Readonly<Record<string, number>> {
  const labels = layOutFlow(drawn).parts.flatMap((part) => part.labels)
  return Object.fromEntries(
    labels.map(({ of, index, lines }) => [
      `${of}:${index}`,
      of === 'message'
        ? messageTime(flow, index, lines.join(' ').includes('←'))
        : timeOf(flow, of, index),
    ]),
  )
}

function messageTime({ messages }: FlowRecord, index: number, hasReply: boolean): number {
  const message = messages[index]
  const reply = messages.find(
    ({ exchange, part }) => hasReply && part === 'reply' && exchange === message?.exchange,
  )
  return (reply ?? message)?.sentMs ?? 0
}

function timeOf(flow: FlowRecord, of: string, index: number): number {
  if (of === 'fault') return flow.faults[index]?.fromMs ?? 0
  return (of === 'gap' ? flow.gaps[index]?.fromMs : flow.attempts[index]?.endMs) ?? 0
}
