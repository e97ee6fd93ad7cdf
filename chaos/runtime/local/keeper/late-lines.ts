import { connect } from 'node:net'

import type { Clock } from '#chaos/lib/clock.ts'

import type { SendLaterRequest } from './keeper-requests.ts'

/** A store that is down or frozen then may be up again a moment later. */
const retryAfterMs = 250
const attemptsMax = 40
const answersWithinMs = 2_000

/** Lines that end a fault in a store when its lease ends. */
export class LateLines {
  readonly #waiting = new Map<string, AbortController>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(request: SendLaterRequest): void {
    const waiting = new AbortController()
    this.#waiting.set(request.id, waiting)
    void this.#send(request, waiting.signal)
  }

  cancel(id: string): void {
    this.#waiting.get(id)?.abort()
    this.#waiting.delete(id)
  }

  async #send({ id, port, line, leaseMs }: SendLaterRequest, signal: AbortSignal): Promise<void> {
    try {
      await this.#clock.sleep(leaseMs, signal)
      for (let attempt = 1; attempt <= attemptsMax && !(await sent(port, line)); attempt++)
        await this.#clock.sleep(retryAfterMs, signal)
    } catch {
      // Cancelled: the fault was healed.
    } finally {
      this.#waiting.delete(id)
    }
  }
}

/** Whether the store has answered the line. */
async function sent(port: number, line: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    const finish = (answered: boolean): void => {
      resolve(answered)
      socket.destroy()
    }
    AbortSignal.timeout(answersWithinMs).addEventListener('abort', () => finish(false))
    socket.on('connect', () => socket.write(`${line}\r\n`))
    socket.on('data', () => finish(true))
    socket.on('error', () => finish(false))
    socket.on('close', () => finish(false))
  })
}
