import { expect, test } from 'vitest'

import { createStageBench } from '../testing/stage-bench.ts'
import { packetLoss } from './packet-loss.ts'

test('no byte is lost or reordered', () => {
  const bench = createStageBench(packetLoss, { loss_rate: 0.2 })
  const data = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 253))
  bench.chunk(data)
  bench.end()
  bench.timers.advance(1e7)
  expect(bench.bytes().equals(data)).toBe(true)
  expect(bench.outputs.at(-1)).toMatchObject({ what: 'end' })
})

test('a single lost segment waits for the retransmission timeout, which doubles each time', () => {
  const delays = new Map<number, number>()
  for (let seed = 1; seed <= 3_000; seed++) {
    const bench = createStageBench(packetLoss, { loss_rate: 0.3 }, seed)
    bench.chunk('x')
    bench.timers.advance(1e6)
    const delay = bench.outputs[0]?.atMs ?? NaN
    delays.set(delay, (delays.get(delay) ?? 0) + 1)
  }
  expect([...delays.keys()].toSorted((a, b) => a - b).slice(0, 4)).toEqual([0, 200, 600, 1_400])
  const lost = 3_000 - (delays.get(0) ?? 0)
  expect(lost / 3_000).toBeGreaterThan(0.27)
  expect(lost / 3_000).toBeLessThan(0.33)
})

test('within bulk a lost segment costs one round trip', () => {
  const bench = createStageBench(packetLoss, { loss_rate: 0.01, rtt: 10 })
  bench.chunk(Buffer.alloc(1448 * 1_000))
  bench.timers.advance(1e6)
  const last = bench.outputs.at(-1)?.atMs ?? 0
  expect(last).toBeGreaterThanOrEqual(20)
  expect(last).toBeLessThanOrEqual(250)
})

test('correlated losses come in bursts: fewer groups at the same rate', () => {
  const runs = (correlation: number): number => {
    let count = 0
    const bench = createStageBench(packetLoss, { loss_rate: 0.3, correlation, rtt: 1 })
    bench.chunk(Buffer.alloc(1448 * 5_000))
    bench.timers.advance(1e7)
    let previous = 0
    let losing = false
    for (const { atMs } of bench.outputs) {
      if (atMs > previous && !losing) count++
      losing = atMs > previous
      previous = atMs
    }
    return count
  }
  expect(runs(0.9)).toBeLessThan(runs(0) * 0.5)
})

test('rate 0 delays nothing', () => {
  const bench = createStageBench(packetLoss, { loss_rate: 0 })
  bench.chunk(Buffer.alloc(10_000))
  expect(bench.bytes().length).toBe(10_000)
  expect(bench.touched).toBe(false)
})
