import { createRequire, syncBuiltinESMExports } from 'node:module'
import { Socket } from 'node:net'
import type * as timersPromises from 'node:timers/promises'
import { promisify } from 'node:util'

import { install } from '@sinonjs/fake-timers'

import type { CallEnd, ProbeTime, ProbeTools } from '../contract-probe.ts'
import { createEventLoopLoad } from './event-loop-load.ts'
import type { EventLoopLoad } from './event-loop-load.ts'

/** The real functions, before they are replaced. */
const real = {
  now: performance.now.bind(performance),
  immediate: setImmediate,
  timeout: setTimeout,
}

const turnsAfterProbe = 50

/** The time of the learner's code. */
export interface VirtualTime extends Pick<
  ProbeTools<unknown>,
  'now' | 'sleep' | 'pass' | 'call' | 'pause'
> {
  /** Forgets all timers: those of an earlier probe must not run during the next one. */
  reset(): Promise<void>
}

/**
 * Replaces every timer and clock of this process: globals, `node:timers`, `node:timers/promises`,
 * AbortSignal.timeout, Date, performance.now, process.hrtime and what Node reports about the load of
 * the event loop. Call it before the learner's file is imported. setImmediate, process.nextTick and the event loop stay real.
 */
export function installVirtualTime(kind: ProbeTime): VirtualTime {
  if (kind === 'real') return realTime()
  const clock = install({
    now: Date.now(),
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'hrtime'],
  })
  const startMs = clock.now
  const now = (): number => clock.now - startMs
  const load = createEventLoopLoad(now)
  replaceTheRest(clock, now, load)
  syncBuiltinESMExports()
  const traffic = kind === 'sockets' ? replaceSocketTimeouts(clock) : undefined
  const sleep = async (milliseconds: number): Promise<void> =>
    await new Promise((resolve) => void clock.setTimeout(() => resolve(), milliseconds))
  const call: VirtualTime['call'] = async (work, limitMs) => {
    const watched = watch(work, now)
    let late = false
    const limit = clock.setTimeout(() => (late = true), limitMs)
    for (;;) {
      await untilIdle(traffic)
      if (watched.end !== undefined || late) break
      await clock.nextAsync()
    }
    clock.clearTimeout(limit)
    return watched.end ?? { how: 'never' }
  }
  const reset = async (): Promise<void> => {
    // Sockets that the last probe has closed report it.
    for (let i = 0; i < turnsAfterProbe; i++) await turn()
    clock.reset()
    load.reset()
  }
  const pause: VirtualTime['pause'] = async (milliseconds) => {
    await untilIdle(traffic)
    load.pause(milliseconds)
    // Afterwards each timer that is due runs once, as in Node.
    clock.jump(milliseconds)
    await untilIdle(traffic)
  }
  return { now, sleep, pass: passOf(call, sleep), call, pause, reset }
}

/** Lets the time pass: `sleep` alone is only a timer. */
function passOf(call: VirtualTime['call'], sleep: VirtualTime['sleep']): VirtualTime['pass'] {
  return async (milliseconds) => {
    await call(async () => await sleep(milliseconds), milliseconds + 1)
  }
}

type Clock = ReturnType<typeof install>
type TimersPromises = typeof timersPromises

/** What the library does not replace. */
function replaceTheRest(clock: Clock, now: () => number, load: EventLoopLoad): void {
  const require = createRequire(import.meta.url)
  const timers = require('node:timers/promises') as TimersPromises
  Object.defineProperty(performance, 'now', { configurable: true, writable: true, value: now })
  Object.defineProperty(globalThis.setTimeout, promisify.custom, { value: timers.setTimeout })
  Object.assign(timers.scheduler, {
    wait: async (delay: number, options?: { signal?: AbortSignal }) =>
      await timers.setTimeout(delay, undefined, options),
  })
  // In real time this process never waits: it jumps.
  const { eventLoopUtilization, monitorEventLoopDelay } = load
  Object.defineProperty(performance, 'eventLoopUtilization', {
    configurable: true,
    value: eventLoopUtilization,
  })
  Object.assign(require('node:perf_hooks') as object, {
    eventLoopUtilization,
    monitorEventLoopDelay,
  })
  process.uptime = () => now() / 1_000
  AbortSignal.timeout = (milliseconds) => {
    const controller = new AbortController()
    const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError')
    clock.setTimeout(() => controller.abort(reason), milliseconds)
    return controller.signal
  }
}

interface Timer {
  refresh(): unknown
}

/** How often any socket of this process has sent or received something. */
interface Traffic {
  count: number
}

/** The timeouts of sockets: Node has them in timers of its own, which nothing else can replace. */
function replaceSocketTimeouts(clock: Clock): Traffic {
  const traffic: Traffic = { count: 0 }
  const timers = new WeakMap<Socket, Timer>()
  const prototype = Socket.prototype as Socket & { _unrefTimer(): void }
  prototype.setTimeout = function setTimeout(milliseconds, listener) {
    clock.clearTimeout(timers.get(this) as never)
    timers.delete(this)
    if (milliseconds > 0)
      timers.set(
        this,
        clock.setTimeout(() => this.emit('timeout'), milliseconds) as unknown as Timer,
      )
    if (listener !== undefined) this.once('timeout', listener)
    this.once('close', () => clock.clearTimeout(timers.get(this) as never))
    return this
  }
  // Node calls it for every byte that is sent or received.
  prototype._unrefTimer = function refreshTimer() {
    traffic.count += 1
    timers.get(this)?.refresh()
  }
  return traffic
}

/** Timers are real. Clocks show the time of the processor, so a busy machine does not shorten a slice of time. */
function realTime(): VirtualTime {
  const now = real.now
  replaceClocks()
  const sleep = async (milliseconds: number): Promise<void> =>
    await new Promise((resolve) => void real.timeout(resolve, milliseconds))
  // Waiting takes no time of the processor: other threads of the code may need it.
  const call: VirtualTime['call'] = async (work, limitMs) => {
    const watched = watch(work, now)
    const late = Promise.withResolvers<void>()
    const timer = real.timeout(late.resolve, limitMs)
    await Promise.race([watched.over, late.promise])
    clearTimeout(timer)
    return watched.end ?? { how: 'never' }
  }
  const pause: VirtualTime['pause'] = async (milliseconds) => {
    const endsMs = now() + milliseconds
    while (now() < endsMs);
  }
  return { now, sleep, pass: sleep, call, pause, reset: turn }
}

function replaceClocks(): void {
  const startMs = Date.now()
  const usedMs = (): number => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1_000
  }
  const nanoseconds = (): bigint => BigInt(Math.round(usedMs() * 1e6))
  Date.now = () => startMs + Math.floor(usedMs())
  Object.defineProperty(performance, 'now', { configurable: true, writable: true, value: usedMs })
  const hrtime = (since: readonly [number, number] = [0, 0]): [number, number] => {
    const all = nanoseconds() - BigInt(since[0]) * 1_000_000_000n - BigInt(since[1])
    return [Number(all / 1_000_000_000n), Number(all % 1_000_000_000n)]
  }
  process.hrtime = Object.assign(hrtime, { bigint: nanoseconds })
  syncBuiltinESMExports()
}

/** A call, and its end as soon as it has ended. */
interface Watched<T> {
  end?: CallEnd<T>
  readonly over: Promise<unknown>
}

function watch<T>(work: () => T | Promise<T>, now: () => number): Watched<T> {
  const beganMs = now()
  const begin = async (): Promise<T> => await work()
  const over = begin().then(
    (value) => (call.end = { how: 'returned', value, afterMs: now() - beganMs }),
    (error: unknown) => (call.end = { how: 'threw', error, afterMs: now() - beganMs }),
  )
  const call: Watched<T> = { over }
  return call
}

async function turn(): Promise<void> {
  await new Promise<void>((resolve) => void real.immediate(resolve))
}

const turnsMin = 3
/** The other end of a connection is in this process too: what it has sent arrives within a few turns. */
const turnsQuiet = 20
/** Code that yields forever must not stop the clock. */
const turnsMax = 2_000

/** Runs the event loop until only timers can cause something. */
async function untilIdle(traffic: Traffic | undefined): Promise<void> {
  const needed = traffic === undefined ? turnsMin : turnsQuiet
  let count = traffic?.count
  for (let i = 0, quiet = 1; i < turnsMax; i++, quiet++) {
    await turn()
    if (isWorking() || traffic?.count !== count) quiet = 0
    count = traffic?.count
    if (quiet >= needed) return
  }
}

function isWorking(): boolean {
  return process
    .getActiveResourcesInfo()
    .some((resource) => resource === 'Immediate' || resource.startsWith('FSReq'))
}
