import { type PageState, usePageState } from '../data/page-state.ts'
import { type PageFacts, pageFacts } from './page-facts.ts'

let last: { readonly state: PageState; readonly facts: PageFacts } | undefined

/** The selected part of what the page knows. All components of one frame share the same facts. */
export function usePageFacts<T>(select: (facts: PageFacts) => T): T {
  return usePageState((state) => {
    if (last?.state !== state)
      last = { state, facts: pageFacts({ ...state, impact: state.impact.health }) }
    return select(last.facts)
  })
}
