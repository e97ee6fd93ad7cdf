import { useMemo } from 'preact/hooks'

import type { SandboxEvent } from '../../../contracts/events.ts'
import type { FlowList } from '../../../contracts/flow-record.ts'
import { api } from '../data/api.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { flowFinder } from './flow-links.ts'
import type { FlowLinks } from './flow-name.tsx'

/** The recorded flows of a run, and how to find the one that a check names. A run without a recording has none. */
export function useRunFlows(
  run: string,
  state: string,
  events: readonly SandboxEvent[] | null,
): { readonly list: FlowList | null; readonly links: FlowLinks } {
  const { value: list } = useLoaded(() => api.flows(run), `${run} ${state}`)
  const find = useMemo(
    () =>
      flowFinder(
        list,
        (events ?? []).flatMap((event) => (event.type === 'operation' ? [event.operation] : [])),
      ),
    [list, events],
  )
  return { list, links: { run, find } }
}
