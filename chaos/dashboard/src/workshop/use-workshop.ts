import { useEffect, useState } from 'preact/hooks'

import type { MembershipView } from '../../../contracts/workshop.ts'
import { api } from '../data/api.ts'
import { eventFeed } from '../data/feeds.ts'
import { useLoaded } from '../hooks/use-loaded.ts'

/** The workshop of this learner. It is loaded again after each `workshop` event. */
export function useWorkshop(): MembershipView | null {
  return useLoaded(api.workshop, `workshop ${useWorkshopTurn()}`).value
}

/** Grows with each `workshop` event: the host has sent something, or a report was recorded. */
export function useWorkshopTurn(): number {
  const [turn, setTurn] = useState(0)
  useEffect(
    () =>
      eventFeed.listen((event) => {
        if (event.type === 'workshop') setTurn((before) => before + 1)
      }),
    [],
  )
  return turn
}
