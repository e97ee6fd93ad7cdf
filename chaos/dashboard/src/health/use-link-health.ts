import { usePageState } from '../data/page-state.ts'
import { type Health, healthOfLink, linkWords } from './service-health.ts'

/** The health of a link, and its figures in words; null while it has none. */
export function useLinkHealth(link: string): {
  readonly health: Health
  readonly words: readonly string[] | null
  /** False: nothing counts the exchanges, so nothing is known of them. */
  readonly counted: boolean
} {
  const exchanges = usePageState(
    (state) => state.figures?.links.find((item) => item.link === link)?.exchanges,
  )
  return {
    health: healthOfLink(exchanges),
    words: linkWords(exchanges),
    counted: exchanges !== undefined,
  }
}
