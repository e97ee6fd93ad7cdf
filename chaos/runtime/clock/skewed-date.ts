/**
 * Program: the runtime loads it into every instance before the instance's own code (`node --require`, which threads do too). `Date` then reads a
 * clock that the runtime can skew while the process runs. Timers, `performance` and `process.hrtime` are monotonic and stay
 * as they are. Without a skew nothing runs here: the process sleeps until the kernel reports a change of its file.
 */
import { readFileSync, watch } from 'node:fs'
import path from 'node:path'
import { isMainThread } from 'node:worker_threads'

import { clockChanged, clockFileVariable, parseSkews, skewedMs } from './clock-file.ts'
import type { ClockChange, Skew } from './clock-file.ts'

const file = process.env[clockFileVariable]
if (file !== undefined) skewDate(file)

function skewDate(file: string): void {
  const RealDate = Date
  const realNow = Date.now
  let skews: readonly Skew[] = []
  const now = (): number => (skews.length === 0 ? realNow() : skewedMs(realNow(), skews))

  const read = (): void => {
    const found = readSkews(file)?.filter(({ untilMs }) => untilMs > realNow())
    if (found === undefined || (found.length === 0 && skews.length === 0)) return
    skews = found
    if (isMainThread) say(found, isoTime(realNow()), isoTime(now()))
  }

  // On the function itself: code that has taken `Date` before has it too.
  Object.defineProperty(RealDate, 'now', { value: now, writable: true, configurable: true })
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: readonly unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
    apply: () => new RealDate(now()).toString(),
  })
  RealDate.prototype.constructor = globalThis.Date
  try {
    const name = path.basename(file)
    // The folder, because the file may not exist yet and is replaced as a whole.
    watch(path.dirname(file), { persistent: false }, (_, changed) => {
      if (changed === name) read()
    }).on('error', () => undefined)
  } catch {
    // The folder does not exist: no runtime can change this clock, and the fault says so.
    return
  }
  read()
}

/** Undefined: the file cannot be read at this moment. */
function readSkews(file: string): readonly Skew[] | undefined {
  try {
    return parseSkews(readFileSync(file, 'utf8'))
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : undefined
  }
}

/** One line in the log: the runtime waits for it, and a user sees why the times in the log jump. */
function say(skews: readonly Skew[], time: string, now: string): void {
  const change: ClockChange = { msg: clockChanged, skews: skews.map(({ id }) => id), now }
  const line = { level: 'warn', time, instance: process.env['INSTANCE'], ...change }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}
