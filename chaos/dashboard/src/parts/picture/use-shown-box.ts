import { usePageState } from '../../data/page-state.ts'
import { valueOf } from '../../data/truth-figures.ts'
import { boxState } from '../../health/box-state.ts'
import {
  type Health,
  healthOfPart,
  impactOf,
  impactWindowMs,
  loadOfPart,
} from '../../health/health.ts'
import { usePageFacts } from '../../health/use-page-facts.ts'
import { usePastStage } from '../../live/live-moment.ts'
import type { Stage } from '../../present/stage.ts'
import type { Box } from './picture-layout.ts'

/** What the picture shows of a part, at the moment that the page shows. */
export interface ShownBox {
  readonly text: string
  readonly look: string
  readonly health: Health
  /** What customers experience, or what the part has to do. */
  readonly load: string | null
}

export function useShownBox(box: Box): ShownBox {
  const past = usePastStage()
  const status = usePageState((state) =>
    state.sandbox?.instances.find((item) => item.name === box.name),
  )
  const known = usePageFacts((facts) => facts.instancesKnown)
  const faults = usePageState((state) => state.sandbox?.faults)
  const current = useHealth(box)
  if (past !== null) return pastBox(box, past)
  const state =
    box.kind === 'client'
      ? { text: 'sends requests', look: '' }
      : boxState(status, known, faults ?? [])
  return { ...state, ...current }
}

function pastBox(box: Box, past: Stage): ShownBox {
  if (box.kind === 'client') {
    const { health, text } = impactAt(past)
    return {
      text: past.isSending ? 'sends requests' : 'sends nothing',
      look: '',
      health,
      load: health === 'unknown' ? null : text,
    }
  }
  const state = past.boxes.get(box.name)
  return {
    text: state?.label ?? (past.connection === 'live' ? 'running' : '? unknown'),
    look: state?.look ?? '',
    health: 'unknown',
    load: null,
  }
}

function impactAt({ samples, ms, isSending, sendingForMs, connection }: Stage) {
  return impactOf(
    samples.flatMap((sample) => (sample.ms >= ms - impactWindowMs ? [sample.result] : [])),
    { sends: isSending, sinceMs: sendingForMs, current: connection === 'live' },
  )
}

function useHealth(box: Box): Pick<ShownBox, 'health' | 'load'> {
  const known = usePageFacts((facts) => facts.linksKnown)
  const figures = usePageState((state) => state.figures)
  const system = usePageState((state) => state.sandbox?.system)
  const impact = usePageState((state) => state.impact)
  if (box.kind === 'client')
    return { health: impact.health, load: impact.health === 'unknown' ? null : impact.text }
  if (!known || system === undefined) return { health: 'unknown', load: null }
  const stored = system.page.figures
    .filter(({ store }) => store === box.name)
    .map((figure) => ({ text: figure.text, value: valueOf(figure, figures?.truth ?? {}) }))
  const [first] = loadOfPart(box.name, figures, system.links, stored)
  const { health, failing } = healthOfPart(box.name, figures, system.links)
  return { health, load: failing ?? first ?? null }
}
