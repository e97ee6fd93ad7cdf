import type { FlowRecord } from '#chaos/contracts/flow-record.ts'
import { createRunClock } from '#chaos/contracts/run-clock.ts'
import {
  endRecording,
  startRecording,
  type StartedRecording,
} from '#chaos/engine/recording/start-recording.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { buildFlowRecord } from '#chaos/flows/flow-record.ts'
import { flowsOf, parseRecording, type RecordedRun } from '#chaos/flows/recorded-run.ts'
import { InputError } from '#chaos/lib/errors.ts'

/** The flows of a running sandbox, while a user looks at them. */
export interface LiveFlows extends AsyncDisposable {
  /**
   * Its 0 is its own first message. The first call begins to record. Throws an {@link InputError} (404) for a flow of which no
   * message was recorded.
   */
  get(id: string): Promise<FlowRecord>
}

/** Recording ends this long after the last call, so it costs nothing while no user looks. */
const idleMs = 120_000
/** The longest time that one recording lasts; the next call begins another one. */
const leaseMs = 1_800_000
const messagesMax = 20_000
const bytesMax = 8 * 1024 * 1024

export function createLiveFlows(
  sandbox: Pick<Sandbox, 'clock' | 'journal' | 'links' | 'system'>,
): LiveFlows {
  const { clock, journal, system } = sandbox
  let current: Promise<StartedRecording> | undefined
  let over = new AbortController()
  let calledMs = 0
  const end = async (): Promise<void> => {
    const ending = current
    current = undefined
    const ended = await ending?.catch(() => undefined)
    over.abort()
    if (ended !== undefined) await endRecording(ended.recording)
  }
  const endWhenIdle = async (signal: AbortSignal): Promise<void> => {
    calledMs = clock.now()
    while (!signal.aborted && clock.now() - calledMs < idleMs)
      await clock.sleep(calledMs + idleMs - clock.now(), signal).catch(() => undefined)
    if (!signal.aborted) await end()
  }
  const start = async (): Promise<StartedRecording> => {
    const limits = { expiresInMs: leaseMs, messagesMax, bytesMax }
    const started = await startRecording(sandbox, limits)
    over = new AbortController()
    void endWhenIdle(over.signal)
    return started
  }
  return {
    get: async (id) => {
      const began = current === undefined
      current ??= start()
      const { recording, pair } = await current.catch((error: unknown) => {
        current = undefined
        throw error
      })
      calledMs = clock.now()
      const { lines, state } = await recording.read().catch(async (error: unknown) => {
        // The data plane has restarted, or the lease has ended.
        await end()
        throw error
      })
      const head = { type: 'recording' as const, ...pair, ...state }
      const parsed = parseRecording(`${JSON.stringify(head)}\n${lines}`)
      const first = parsed?.messages.find((message) => flowsOf(message).includes(id))
      const events = journal.since(0)
      const [stamp] = events
      if (parsed === undefined || first === undefined || stamp === undefined)
        throw new InputError(`No message of the flow "${id.slice(0, 80)}" was recorded.`, {
          remedy: began
            ? 'The recording has just begun: send the request again.'
            : 'Flows are recorded while this page is open. Send a new request.',
          status: 404,
        })
      const zeroMs = (first.sentMs ?? first.atMs) - pair.linksMs + pair.journalMs
      const run: RecordedRun = {
        topology: system.topology,
        clock: createRunClock(zeroMs, stamp),
        events,
        operations: [],
        recording: parsed,
        facts: [],
        offenders: new Set(),
        holdingOf: (exchange) => system.flowView?.holdingOf?.(exchange),
      }
      return buildFlowRecord(run, id)
    },
    [Symbol.asyncDispose]: end,
  }
}
