import type { Clock } from '#chaos/lib/clock.ts'

import type { SeatClient } from './seat-client.ts'

const pollMs = 500
/** A seat that claims to check forever keeps its place no longer. */
const checkMaxMs = 10 * 60_000

/** What a request starts that needs the whole sandbox and much of the processor. Undefined: it starts nothing. */
export function startedBy(method: string, path: string): 'runs' | 'xrays' | undefined {
  if (method !== 'POST') return undefined
  const [, what] = /^\/api\/(runs|xrays)\/?$/.exec(path) ?? []
  if (what === 'runs' || what === 'xrays') return what
  return /^\/api\/labs\/[^/]+\/check\/?$/.test(path) ? 'runs' : undefined
}

/** Resolves when the run or X-ray has ended, or the seat no longer responds. */
export async function untilCheckEnded({
  client,
  path,
  clock,
  isUp,
  signal,
}: {
  readonly client: SeatClient
  /** Of the run, such as `/api/runs/ID`. */
  readonly path: string
  readonly clock: Clock
  /** Whether the seat still runs. */
  readonly isUp: () => boolean
  readonly signal: AbortSignal
}): Promise<void> {
  const endAt = clock.now() + checkMaxMs
  while (isUp() && clock.now() < endAt && !signal.aborted) {
    await clock.sleep(pollMs, signal).catch(() => undefined)
    const found = await client.json({ method: 'GET', path, signal }).catch(() => undefined)
    // A busy seat may fail to respond once. If its container has ended, the next look at the engine tells.
    if (found !== undefined && !isRunning(found.body)) return
  }
}

function isRunning(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'state' in body && body.state === 'running'
}

/** The id of what was started. Undefined: the response has none. */
export function idOf(body: unknown): string | undefined {
  const id = typeof body === 'object' && body !== null && 'id' in body ? body.id : undefined
  return typeof id === 'string' && /^[\w.-]{1,200}$/.test(id) ? id : undefined
}
