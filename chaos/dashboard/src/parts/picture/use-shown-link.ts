import { usePageState } from '../../data/page-state.ts'
import { type Health, healthOfLink, linkWords } from '../../health/health.ts'
import { useLinkHealth } from '../../health/use-link-health.ts'
import { usePageFacts } from '../../health/use-page-facts.ts'
import { usePastStage } from '../../live/live-moment.ts'
import { type DrawnLook, lookOfLink } from './link-look.ts'

/** What the picture shows of a link, at the moment that the page shows. */
export interface ShownLink {
  readonly look: string
  readonly label: string | null
  readonly bytesPerSecond: number
  readonly health: Health
  readonly words: readonly string[] | null
  /** False: the controller did not say how the link is. */
  readonly known: boolean
}

const plain: DrawnLook = { look: 'plain', label: null }

export function useShownLink(name: string): ShownLink {
  const past = usePastStage()
  const status = usePageState((state) => state.sandbox?.links.find((item) => item.name === name))
  const faults = usePageState((state) => state.sandbox?.faults)
  const bytesPerSecond = usePageState((state) => state.bytesPerSecond.get(name) ?? 0)
  const known = usePageFacts((facts) => facts.linksKnown)
  const { health, words } = useLinkHealth(name)
  if (past === null) {
    const look = status === undefined ? plain : lookOfLink(status, faults ?? [])
    return { ...look, bytesPerSecond, health, words, known }
  }
  const exchanges = past.exchanges.get(name)
  return {
    ...(past.links.get(name) ?? plain),
    bytesPerSecond: past.bytesPerSecond.get(name) ?? 0,
    health: healthOfLink(exchanges),
    words: linkWords(exchanges),
    known: past.connection === 'live',
  }
}
