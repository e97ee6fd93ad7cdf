import { expect, test } from 'vitest'

import type { Clocks, Runtime } from '#chaos/contracts/runtime.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { clockChangeOf } from '../clock/clock-file.ts'
import type { ClockChange } from '../clock/clock-file.ts'
import type { Conformance } from './subject.ts'

const by = 'scenario'
const hourMs = 3_600_000

/** The wall clock of one instance. */
export function describeClocks({ runtime }: Conformance): void {
  const skew = async (name: string, id: string, offsetMs: number) =>
    await clocksOf(runtime()).skew(name, {
      id,
      offsetMs,
      drift: 0,
      leaseMs: 60_000,
      signal: AbortSignal.timeout(30_000),
    })

  test('the clock of a running instance jumps, and back when it is healed; other clocks stay', async () => {
    const injected = await skew('api-1', 'one', hourMs)
    const ahead = await lastChange(runtime(), 'api-1')
    expect(ahead?.skews).toEqual(['one'])
    expect(aheadMs(ahead)).toBeGreaterThan(hourMs - 60_000)
    await injected[Symbol.asyncDispose]()
    const healed = await lastChange(runtime(), 'api-1')
    expect(healed?.skews).toEqual([])
    expect(aheadMs(healed)).toBeLessThan(60_000)
    expect(await lastChange(runtime(), 'api-2')).toBeUndefined()
  })

  test('two skews of an instance add up, and stay after a restart', async () => {
    const first = await skew('worker-1', 'one', 3 * hourMs)
    const second = await skew('worker-1', 'two', -hourMs)
    await runtime().kill('worker-1', { by })
    await runtime().start('worker-1', { by })
    const both = await lastChange(runtime(), 'worker-1')
    expect(both?.skews).toEqual(['one', 'two'])
    expect(Math.abs(aheadMs(both) - 2 * hourMs)).toBeLessThan(60_000)
    await first[Symbol.asyncDispose]()
    await second[Symbol.asyncDispose]()
    expect((await lastChange(runtime(), 'worker-1'))?.skews).toEqual([])
  })

  test('a skew of an instance that is down begins with its start', async () => {
    await runtime().kill('api-1', { by })
    await using _skew = await skew('api-1', 'down', hourMs)
    await runtime().start('api-1', { by })
    expect((await lastChange(runtime(), 'api-1'))?.skews).toEqual(['down'])
  })

  test('a store has no clock of its own', async () => {
    await expect(skew('postgres', 'one', hourMs)).rejects.toThrow(InputError)
  })
}

function clocksOf({ clocks }: Runtime): Clocks {
  if (clocks === undefined) throw new Error('The runtime has no clocks.')
  return clocks
}

/** The last change of its clock that the instance has reported. */
async function lastChange(runtime: Runtime, name: string): Promise<ClockChange | undefined> {
  let last: ClockChange | undefined
  for await (const { text } of runtime.logs(name, { tail: 500 })) last = clockChangeOf(text) ?? last
  return last
}

function aheadMs(change: ClockChange | undefined): number {
  return Date.parse(change?.now ?? '') - Date.now()
}
