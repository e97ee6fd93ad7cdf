import type { Outcome } from '../../../contracts/history.ts'
import type { Bin } from '../../../report/bins.ts'
import { stageBins } from './stage-bins.ts'
import { type Stage, chartMs } from './stage.ts'
import type { Size } from './use-size.ts'

/** Room in the view box, in its units. The view box is as large as the chart on the screen, so texts keep their size. */
const left = 110
const bottom = 46
const top = 44

/** The one chart: how many requests ended per second, and how. Failures are at the bottom, so their start is visible. */
export function StageChart(props: {
  readonly stage: Stage
  readonly markers: readonly { readonly number: number; readonly ms: number }[]
  readonly isLive: boolean
  readonly size: Size
}) {
  const { stage, markers, isLive } = props
  const { unit } = props.size
  const width = props.size.width / unit
  const height = props.size.height / unit
  const toMs = stage.ms
  const fromMs = toMs - chartMs
  const bins = stageBins(stage)
  const peak = Math.max(2, ...bins.map(totalOf))
  const x = (ms: number): number =>
    left + ((Math.max(fromMs, Math.min(toMs, ms)) - fromMs) / chartMs) * (width - left - 12)
  const y = (rate: number): number =>
    height - bottom - (rate / (peak * 1.08)) * (height - bottom - top)
  const base = height - bottom
  return (
    <svg
      class="stage-chart"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={inWords(stage)}
    >
      <Patterns />
      {stage.bands.map((band) => (
        <rect
          key={band.id}
          class="band"
          x={x(band.fromMs)}
          y={top - 8}
          width={Math.max(4, x(band.toMs ?? toMs) - x(band.fromMs))}
          height={base - top + 8}
        />
      ))}
      <path class="area ok" d={areaOf(bins, x, y, bottomOfOk, totalOf)} />
      <path class="area unknown" d={areaOf(bins, x, y, failOf, bottomOfOk)} />
      <path class="area fail" d={areaOf(bins, x, y, () => 0, failOf)} />
      <path class="axis" d={`M${left} ${top - 8}V${base}H${width - 12}`} />
      <text class="tick" x={left - 12} y={y(peak) + 10} text-anchor="end">
        {Math.round(peak)}/s
      </text>
      <text class="tick" x={left - 12} y={base} text-anchor="end">
        0
      </text>
      <text class="tick" x={left} y={height - 8}>
        −60 s
      </text>
      <text class="tick" x={width - 12} y={height - 8} text-anchor="end">
        {isLive ? 'now' : 'this moment'}
      </text>
      <BandNames stage={stage} x={x} width={width} />
      {markers
        .filter(({ ms }) => ms >= fromMs && ms <= toMs)
        .map(({ number, ms }) => (
          <g key={number} class="marker">
            <path d={`M${x(ms)} ${top - 8}V${base}`} />
            <circle cx={x(ms)} cy={base - 24} r={22} />
            <text x={x(ms)} y={base - 14} text-anchor="middle">
              {number}
            </text>
          </g>
        ))}
    </svg>
  )
}

/** The name of each fault at its start. Names that would overlap are left out: their bands are still there. */
function BandNames(props: {
  readonly stage: Stage
  readonly x: (ms: number) => number
  readonly width: number
}) {
  let reached = -Infinity
  const names = props.stage.bands
    .map((band) => ({ ...band, at: props.x(band.fromMs) }))
    .toSorted((a, b) => a.at - b.at)
    .flatMap(({ id, label, at }) => {
      // 16 units are the width of a wide letter at this size.
      const extent = label.length * 16
      const from = Math.max(left, Math.min(at, props.width - extent - 12))
      if (from < reached) return []
      reached = from + extent + 16
      return [{ id, label, from }]
    })
  return (
    <>
      {names.map(({ id, label, from }) => (
        <text key={id} class="band-name" x={from} y={top - 16}>
          {label}
        </text>
      ))}
    </>
  )
}

/** Hatches and dots, so that the areas are readable without colours. */
function Patterns() {
  return (
    <defs>
      <pattern id="stage-fail" width="14" height="14" patternUnits="userSpaceOnUse">
        <rect class="fill fail" width="14" height="14" />
        <path class="hatch" d="M-2 16L16 -2M-2 2L2 -2M12 16L16 12" />
      </pattern>
      <pattern id="stage-unknown" width="16" height="16" patternUnits="userSpaceOnUse">
        <rect class="fill unknown" width="16" height="16" />
        <circle class="dot" cx="8" cy="8" r="3" />
      </pattern>
    </defs>
  )
}

function failOf({ perSecond: { fail } }: Bin): number {
  return fail
}

function bottomOfOk({ perSecond: { unknown, fail } }: Bin): number {
  return unknown + fail
}

function totalOf({ perSecond: { ok, unknown, fail } }: Bin): number {
  return ok + unknown + fail
}

/** The area between two heights: each stretch of bins that has one, forward along the upper and back along the lower heights. */
function areaOf(
  bins: readonly Bin[],
  x: (ms: number) => number,
  y: (rate: number) => number,
  lower: (bin: Bin) => number,
  upper: (bin: Bin) => number,
): string {
  const line = (list: readonly Bin[], height: (bin: Bin) => number): string[] =>
    list.flatMap((bin) =>
      [bin.fromMs, bin.toMs].map((ms) => `${x(ms).toFixed(1)} ${y(height(bin)).toFixed(1)}`),
    )
  return stretchesOf(bins, (bin) => upper(bin) > lower(bin))
    .map((list) => `M${[...line(list, upper), ...line(list, lower).toReversed()].join('L')}Z`)
    .join('')
}

/** Neighbouring items for which a condition holds, as lists. */
function stretchesOf<T>(
  items: readonly T[],
  holds: (item: T) => boolean,
): readonly (readonly T[])[] {
  const stretches: T[][] = []
  let current: T[] | null = null
  for (const item of items) {
    if (!holds(item)) current = null
    else if (current === null) stretches.push((current = [item]))
    else current.push(item)
  }
  return stretches
}

function inWords({ samples }: Stage): string {
  const count = (outcome: Outcome): number =>
    samples.filter((sample) => sample.result !== 'refused' && sample.outcome === outcome).length
  const refused = samples.filter(({ result }) => result === 'refused').length
  return `Requests in the last minute: ${count('ok')} succeeded, ${refused} refused, ${count('fail')} failed, ${count('unknown')} have an unknown result`
}
