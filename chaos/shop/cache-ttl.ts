import type { RunFacts } from '#chaos/contracts/check.ts'
import { cacheTtlDefaultMs } from '#services/topology.ts'

/** How old a cached product may be in this run, in milliseconds: the longest promise of any API instance. */
export function cacheTtlMs({ environment }: Pick<RunFacts, 'environment'>): number {
  const given = Object.values(environment).flatMap(({ CACHE_TTL_MS: text }) =>
    text === undefined ? [] : [Number(text)],
  )
  return given.length === 0 ? cacheTtlDefaultMs : Math.max(...given)
}
