import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { Runtime } from '#chaos/contracts/runtime.ts'
import { formatDuration } from '#chaos/lib/duration.ts'

import type { Sandbox } from '../sandbox.ts'

/** A service logs this when its code has blocked its event loop. */
const blockedMessage = 'event loop blocked'
const logLinesMax = 20_000
const logLimitMs = 2_000
const probeWithinMs = 1_000

/**
 * What instances did without a fault, one sentence each: the code that they run has ended them or has blocked their event
 * loop. Logs count from `since` (ISO 8601). An instance whose log or state cannot be read is left out.
 */
export async function describeOwnBehaviour(
  {
    system,
    runtime,
  }: Pick<Sandbox, 'system'> & {
    readonly runtime: Pick<Runtime, 'logs' | 'status'>
  },
  events: readonly SandboxEvent[],
  since: string,
): Promise<readonly string[]> {
  const [blocked, silent] = await Promise.all([
    Promise.all(
      system.topology.instances.map(async ({ name }) => await describeBlocks(runtime, name, since)),
    ),
    describeSilence(runtime),
  ])
  return [...describeEnds(events), ...blocked.flat(), ...silent]
}

/** `api-1 ended by itself (exit status 3), 2 times.` */
function describeEnds(events: readonly SandboxEvent[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const event of events) {
    if (event.type !== 'instance' || event.state !== 'exited') continue
    const { instance, by, code, signal } = event
    const how = code === undefined || code === null ? signal : `exit status ${code}`
    const what =
      by === 'itself'
        ? `${instance} ended by itself (${how ?? 'no exit status'})`
        : `${instance} did not respond to its liveness probe, and the supervisor killed it`
    if (by === 'itself' || by === 'supervisor') counts.set(what, (counts.get(what) ?? 0) + 1)
  }
  return [...counts].map(([what, count]) => (count === 1 ? `${what}.` : `${what}, ${count} times.`))
}

async function describeBlocks(
  runtime: Pick<Runtime, 'logs'>,
  name: string,
  since: string,
): Promise<readonly string[]> {
  const times: number[] = []
  const options = { tail: logLinesMax, signal: AbortSignal.timeout(logLimitMs) }
  try {
    for await (const { at, text } of runtime.logs(name, options))
      if (at >= since) times.push(...blockOf(text))
  } catch {
    return []
  }
  if (times.length === 0) return []
  const count = times.length === 1 ? '' : `, ${times.length} times, the longest`
  return [
    `The event loop of ${name} was blocked${count} for ${formatDuration(Math.max(...times))}.`,
  ]
}

/** The time of the block that the line reports; empty for any other line. */
function blockOf(line: string): readonly number[] {
  if (!line.includes(blockedMessage)) return []
  try {
    const { msg, blockedMs } = JSON.parse(line) as { msg?: unknown; blockedMs?: unknown }
    return msg === blockedMessage && typeof blockedMs === 'number' ? [blockedMs] : []
  } catch {
    return []
  }
}

/** A block without an end: the instance cannot log it. */
async function describeSilence(runtime: Pick<Runtime, 'status'>): Promise<readonly string[]> {
  const status = await runtime.status({ probeWithinMs }).catch(() => [])
  return status
    .filter(({ kind, state }) => kind === 'service' && state === 'unready')
    .map(
      ({ name }) =>
        `${name} runs and does not respond within ${formatDuration(probeWithinMs)}: its event loop may be blocked.`,
    )
}
