import { formatCount } from '../../../checks/lib/format.ts'
import type { TruthFigure } from '../../../contracts/system/system-page.ts'

/** Counters of the sources of truth by name. */
type Counters = object

/** The sum of a figure's counters. A counter that is not there counts 0. */
export function valueOf(figure: TruthFigure, counters: Counters): number {
  const values = counters as Readonly<Record<string, number>>
  return figure.counters.reduce((sum, name) => sum + (values[name] ?? 0), 0)
}

/** What the page concludes from the figures of one moment. */
export interface TruthState {
  readonly settled: boolean
  /** Unfinished things without any work for them: after a while they are stuck. */
  readonly withoutWork: boolean
  /** Figures that contradict another one. */
  readonly loud: ReadonlySet<TruthFigure>
  readonly alarm: string | null
}

/**
 * Compares the figures by their roles. `snapshot`: counters that were read after `acknowledged` was counted, so that a thing
 * in between is not missing; null if there are none. `stuck`: nothing has worked on the unfinished things for a while.
 */
export function judgeFigures(
  figures: readonly TruthFigure[],
  counters: Counters,
  { snapshot, stuck }: { readonly snapshot: Counters | null; readonly stuck: boolean },
): TruthState {
  const withRole = (role: TruthFigure['role']): readonly TruthFigure[] =>
    figures.filter((figure) => figure.role === role)
  const totalOf = (role: TruthFigure['role'], of: Counters): number =>
    withRole(role).reduce((sum, figure) => sum + valueOf(figure, of), 0)
  const [unfinished, work] = [totalOf('unfinished', counters), totalOf('work', counters)]
  const settled = unfinished + work === 0
  const agreeing = withRole('agrees')
  const disagree = settled && new Set(agreeing.map((figure) => valueOf(figure, counters))).size > 1
  const accepted = snapshot === null ? 0 : totalOf('accepted', snapshot)
  const losses = withRole('stored').flatMap((figure) => {
    const lost = snapshot === null ? 0 : accepted - valueOf(figure, snapshot)
    return lost > 0 ? [{ figure, lost }] : []
  })
  const [loss] = losses
  const withoutWork = unfinished > 0 && work === 0
  const stranded =
    stuck && withoutWork
      ? withRole('unfinished').find((item) => valueOf(item, counters) > 0)
      : undefined
  const loud = new Set([
    ...losses.map(({ figure }) => figure),
    ...(losses.length > 0 ? withRole('accepted') : []),
    ...(disagree ? agreeing : []),
    ...(stranded === undefined ? [] : [stranded]),
  ])
  const alarm =
    loss !== undefined
      ? alarmText(loss.figure, loss.lost)
      : stranded !== undefined
        ? alarmText(stranded, valueOf(stranded, counters))
        : disagree
          ? 'Settled, but the sources of truth disagree'
          : null
  return { settled, withoutWork, loud, alarm }
}

/** `3 accepted orders missing in Postgres` */
function alarmText({ text, alarm }: TruthFigure, count: number): string {
  return alarm === undefined
    ? `${text}: ${count}`
    : `${formatCount(count, alarm.thing)} ${alarm.what}`
}
