import type { FlowMessage, FlowRecord } from '#chaos/contracts/flow-record.ts'
import { client } from '#chaos/contracts/topology.ts'
import type { Story, StoryLine } from '#chaos/contracts/verdict.ts'

/** Stores and journal have whole milliseconds, and each rounds for itself. */
const toleranceMs = 5
/** A trap is drawn at its message; the journal reports it a little later. */
const trapToleranceMs = 100
/** A row becomes visible at the end of its transaction, a while after it was written. */
const commitMaxMs = 10_000

/** Lines that are not about one moment of the flow. */
const summaries: ReadonlySet<string> = new Set(['final', 'run', 'others', '...'])

/**
 * The lines of a story that its diagram does not show, or shows at another time. Empty: both say the same. A line of the client
 * is an attempt, a fault is a fault, a change of a process is a gap. Everything else is a message of that process, or what a
 * source of truth holds.
 */
export function disagreements(story: Story, flow: FlowRecord): readonly string[] {
  return story.lines
    .filter((line) => !summaries.has(line.who) && !isShown(flow, line))
    .map(({ ms, who, text }) => `${ms} ms, ${who}: ${text}`)
}

function isShown(flow: FlowRecord, line: StoryLine): boolean {
  const { ms, who } = line
  if (who === client)
    return flow.attempts.some(({ startMs, endMs }) => isAt(startMs, ms) || isAt(endMs, ms))
  if (who === 'fault') return showsFault(flow, line)
  if (isChange(line)) return showsChange(flow, line)
  return (
    (flow.messages.some((message) => spans(flow, message, who, ms)) ||
      flow.holdings.some(({ atMs }) => isAt(atMs, ms))) &&
    holdsWhatItSays(flow, line)
  )
}

/** The same fault, at its beginning or its end. */
function showsFault({ faults }: FlowRecord, { ms, text }: StoryLine): boolean {
  const [kind = ''] = text.split(' ')
  const within = kind === 'trap' ? trapToleranceMs : toleranceMs
  return faults.some(
    ({ label, fromMs, toMs }) =>
      label.startsWith(kind) && (isAt(fromMs, ms, within) || isAt(toMs, ms, within)),
  )
}

/** A line about the process itself: its words are those of `describeInstance`. */
function isChange({ text }: StoryLine): boolean {
  return /^(?:is (?:killed|stopped|started|paused|ready|not ready)|starts|exits)\b/.test(text)
}

function showsChange({ gaps }: FlowRecord, { ms, who, text }: StoryLine): boolean {
  // It runs and its readiness probe fails: no gap.
  if (text.startsWith('is not ready')) return true
  return gaps.some(({ lane, fromMs, toMs }) => lane === who && (isAt(fromMs, ms) || isAt(toMs, ms)))
}

/** The exchange was in progress at that moment, and the process took part. A source without a process: any exchange. */
function spans(
  { messages, lanes }: FlowRecord,
  message: FlowMessage,
  who: string,
  ms: number,
): boolean {
  const isLane = lanes.some(({ name }) => name === who)
  if (isLane && message.from !== who && message.to !== who) return false
  const own = messages.filter(({ exchange }) => exchange === message.exchange)
  const fromMs = Math.min(...own.map(({ sentMs }) => sentMs))
  const toMs = Math.max(...own.map(({ sentMs, arrivedMs }) => arrivedMs ?? sentMs))
  const isOpen = own.length === 1
  return ms >= fromMs - toleranceMs && (isOpen || ms <= toMs + toleranceMs)
}

/** A state in the words of the system, such as `placed`, is in what a source holds soon after. */
function holdsWhatItSays({ holdings }: FlowRecord, { ms, text }: StoryLine): boolean {
  const state = /`([a-z-]+)`/.exec(text)?.[1]
  if (state === undefined) return true
  return holdings.some(
    ({ atMs, text: held }) =>
      held.includes(state) && atMs >= ms - toleranceMs && atMs <= ms + commitMaxMs,
  )
}

function isAt(ms: number, wanted: number, within = toleranceMs): boolean {
  return Math.abs(ms - wanted) <= within
}
