import { createRequire, syncBuiltinESMExports } from 'node:module'
import { Socket } from 'node:net'
import { promisify } from 'node:util'

import { install } from '@sinonjs/fake-timers'

import type { CallEnd, ProbeTime, ProbeTools } from '../contract-probe.ts'

/** The real functions, before they are replaced. */
const real = {
  now: performance.now.bind(performance),
  immediate: setImmediate,
  interval: setInterval,
}

const fastFactor = 20
const pumpMs = 4

/** The time of the learner's code. */
export interface VirtualTime extends Pick<ProbeTools<unknown>, 'now' | 'sleep' | 'pass' | 'call'> {
  /** Forgets all timers: those of an earlier probe must not run during the next one. */
  reset(): void
}

/**
 * Replaces every timer and clock of this process: globals, `node:timers`, `node:timers/promises`,
 * AbortSignal.timeout, Date, performance.now and process.hrtime. Call it before the learner's file
 * is imported. setImmediate, process.nextTick and the event loop stay real.
 */
export function installVirtualTime(kind: ProbeTime): VirtualTime {
  if (kind === 'real') return realTime()
  const clock = install({
    now: Date.now(),
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'hrtime'],
  })
  const startMs = clock.now
  const now = (): number => clock.now - startMs
  replaceTheRest(clock, now)
  syncBuiltinESMExports()
  if (kind === 'fast') pump(clock)
  const sleep = async (milliseconds: number): Promise<void> =>
    await new Promise((resolve) => void clock.setTimeout(() => resolve(), milliseconds))
  const call: VirtualTime['call'] = async (work, limitMs) => {
    const watched = watch(work, now)
    let late = false
    const limit = clock.setTimeout(() => (late = true), limitMs)
    for (;;) {
      await untilIdle()
      if (watched.end !== undefined || late) break
      if (kind === 'jumping') await clock.nextAsync()
    }
    clock.clearTimeout(limit)
    return watched.end ?? { how: 'never' }
  }
  return { now, sleep, pass: passOf(call, sleep), call, reset: () => clock.reset() }
}

/** Lets the time pass: `sleep` alone is only a timer. */
function passOf(call: VirtualTime['call'], sleep: VirtualTime['sleep']): VirtualTime['pass'] {
  return async (milliseconds) => {
    await call(async () => await sleep(milliseconds), milliseconds + 1)
  }
}

type Clock = ReturnType<typeof install>

/** What the library does not replace. */
function replaceTheRest(clock: Clock, now: () => number): void {
  const require = createRequire(import.meta.url)
  const timers = require('node:timers/promises') as typeof import('node:timers/promises')
  Object.defineProperty(performance, 'now', { configurable: true, writable: true, value: now })
  Object.defineProperty(globalThis.setTimeout, promisify.custom, { value: timers.setTimeout })
  Object.assign(timers.scheduler, {
    wait: async (delay: number, options?: { signal?: AbortSignal }) =>
      await timers.setTimeout(delay, undefined, options),
  })
  process.uptime = () => now() / 1_000
  AbortSignal.timeout = (milliseconds) => {
    const controller = new AbortController()
    const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError')
    clock.setTimeout(() => controller.abort(reason), milliseconds)
    return controller.signal
  }
}

/** Lets the clock run twenty times as fast as real time, also for the timeouts of sockets. */
function pump(clock: Clock): void {
  let lastMs = real.now()
  let busy = false
  real.interval(() => {
    if (busy) return
    busy = true
    const nowMs = real.now()
    // On a busy machine this process may have to wait. The clock waits with it.
    const passedMs = Math.min(nowMs - lastMs, pumpMs) * fastFactor
    lastMs = nowMs
    clock.tickAsync(passedMs).then(
      () => (busy = false),
      () => (busy = false),
    )
  }, pumpMs)
  const original = Socket.prototype.setTimeout
  Socket.prototype.setTimeout = function setTimeout(milliseconds, listener) {
    return original.call(this, milliseconds / fastFactor, listener)
  }
}

function realTime(): VirtualTime {
  const now = real.now
  const sleep = async (milliseconds: number): Promise<void> => {
    const endsMs = now() + milliseconds
    while (now() < endsMs) await turn()
  }
  const call: VirtualTime['call'] = async (work, limitMs) => {
    const watched = watch(work, now)
    const endsMs = now() + limitMs
    while (watched.end === undefined && now() < endsMs) await turn()
    return watched.end ?? { how: 'never' }
  }
  return { now, sleep, pass: sleep, call, reset: () => undefined }
}

/** Begins the call. `end` is set when it has ended. */
function watch<T>(work: () => T | Promise<T>, now: () => number): { end?: CallEnd<T> } {
  const call: { end?: CallEnd<T> } = {}
  const beganMs = now()
  const begin = async (): Promise<T> => await work()
  begin().then(
    (value) => (call.end = { how: 'returned', value, afterMs: now() - beganMs }),
    (error: unknown) => (call.end = { how: 'threw', error, afterMs: now() - beganMs }),
  )
  return call
}

async function turn(): Promise<void> {
  await new Promise<void>((resolve) => void real.immediate(resolve))
}

const turnsMin = 3
/** Code that yields forever must not stop the clock. */
const turnsMax = 500

/** Runs the event loop until only timers can cause something. */
async function untilIdle(): Promise<void> {
  for (let i = 0; i < turnsMax; i++) {
    await turn()
    if (i + 1 >= turnsMin && !isWorking()) return
  }
}

function isWorking(): boolean {
  return process
    .getActiveResourcesInfo()
    .some((resource) => resource === 'Immediate' || resource.startsWith('FSReq'))
}
