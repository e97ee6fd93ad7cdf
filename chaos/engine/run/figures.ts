import type { FiguresEvent } from '#chaos/contracts/events.ts'
import type { Operation } from '#chaos/contracts/history.ts'

import type { Sandbox } from '../sandbox.ts'

type Counted = FiguresEvent['operations'][number]

const everyMs = 1_000

/**
 * Publishes live figures once a second until it is disposed: operations since the last figures, connections and bytes of
 * every link, counters of the truth. Figures that cannot be read are left out.
 */
export function publishFigures(
  sandbox: Pick<Sandbox, 'clock' | 'journal' | 'links' | 'truth'>,
): AsyncDisposable {
  const { clock, journal, links, truth } = sandbox
  const stop = new AbortController()
  let counted = new Map<string, Counted>()
  const end = journal.subscribe((event) => {
    if (event.type === 'operation') count(counted, event.operation)
  })
  const publishing = (async () => {
    while (!stop.signal.aborted) {
      await clock.sleep(everyMs, stop.signal).catch(() => undefined)
      const [linkList, counters] = await Promise.all([
        links.list().catch(() => []),
        truth.counters(stop.signal).catch(() => undefined),
      ])
      if (stop.signal.aborted) return
      const operations = [...counted.values()]
      counted = new Map()
      journal.publish({
        type: 'figures',
        operations,
        links: linkList.map(({ name, connections, bytesUpstream, bytesDownstream }) => ({
          link: name,
          connections,
          bytesUpstream,
          bytesDownstream,
        })),
        ...(counters === undefined ? {} : { truth: counters }),
      })
    }
  })()
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      end()
      await publishing
    },
  }
}

function count(counted: Map<string, Counted>, { kind, outcome }: Operation): void {
  const key = `${kind} ${outcome}`
  counted.set(key, { kind, outcome, count: (counted.get(key)?.count ?? 0) + 1 })
}
