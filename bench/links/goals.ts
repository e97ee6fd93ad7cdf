import type { Goal } from '../lib/bench.ts'
import { medianOf, ratioOf } from '../lib/median-table.ts'
import type { FigureRow } from '../lib/rounds.ts'

const ratio =
  (figure: string, base: string) =>
  (rows: readonly FigureRow[]): number =>
    ratioOf(rows, figure, 'ours', base)
/** Measured by iperf3 if it is installed. */
const bulkRatio =
  (direction: 'up' | 'down', base: string) =>
  (rows: readonly FigureRow[]): number => {
    const byIperf = ratio(`iperf3 ${direction}, MB/s`, base)(rows)
    return Number.isNaN(byIperf) ? ratio(`bulk ${direction}, MB/s`, base)(rows) : byIperf
  }
const ours =
  (figure: string) =>
  (rows: readonly FigureRow[]): number =>
    medianOf(rows, figure, 'ours')

export const linkGoals: readonly Goal[] = [
  { text: 'bulk up of direct', value: bulkRatio('up', 'direct'), atLeast: 0.7 },
  { text: 'bulk down of direct', value: bulkRatio('down', 'direct'), atLeast: 0.7 },
  { text: 'bulk up of HAProxy', value: bulkRatio('up', 'haproxy'), atLeast: 1.8 },
  { text: 'bulk down of HAProxy', value: bulkRatio('down', 'haproxy'), atLeast: 1.8 },
  { text: 'redis -c 1 of direct', value: ratio('redis -c1 -P1, req/s', 'direct'), atLeast: 0.55 },
  { text: 'redis -c 50 of direct', value: ratio('redis -c50 -P1, req/s', 'direct'), atLeast: 0.55 },
  { text: 'connections of HAProxy', value: ratio('connections/s', 'haproxy'), atLeast: 0.6 },
  { text: 'kB per idle connection', value: ours('idle, kB per connection'), atMost: 20 },
  {
    text: 'latency: never early, ms',
    value: ours('latency 100 ms at 500/s, earliest, ms'),
    atLeast: 0,
  },
  {
    text: 'latency at 500/s: p50, ms',
    value: ours('latency 100 ms at 500/s, error p50, ms'),
    atMost: 0.2,
  },
  {
    text: 'latency at 500/s: p90, ms',
    value: ours('latency 100 ms at 500/s, error p90, ms'),
    atMost: 0.35,
  },
  {
    text: 'latency at 500/s: p99, ms',
    value: ours('latency 100 ms at 500/s, error p99, ms'),
    atMost: 1,
  },
  { text: 'latency at 500/s: cores', value: ours('latency 100 ms at 500/s, cores'), atMost: 0.12 },
  {
    text: 'latency, 200 connections: p99, ms',
    value: ours('latency 20 ms, 200 connections, error p99, ms'),
    atMost: 2,
  },
]
