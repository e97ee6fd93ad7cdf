import { useEffect, useState } from 'preact/hooks'

import type { ExchangeEvent } from '../../../../contracts/links.ts'
import { api } from '../../data/api.ts'
import { exchangeFeed } from '../../data/feeds.ts'
import { failureText } from '../../hooks/use-loaded.ts'

const shownMax = 40
const drawEveryMs = 250
const leaseMs = 60_000

interface Seen {
  readonly key: string
  readonly request: ExchangeEvent
  readonly reply?: ExchangeEvent
}

/** The messages that pass on a link, while somebody wants to see them: a tap, which ends with its lease at the latest. */
export function ExchangeList({ link }: { readonly link: string }) {
  const [on, setOn] = useState(false)
  return (
    <div class="stack">
      <button aria-pressed={on} data-testid="tap" onClick={() => setOn(!on)}>
        {on ? 'Stop watching' : 'Watch its messages'}
      </button>
      {on && <Tapped link={link} />}
    </div>
  )
}

function Tapped({ link }: { readonly link: string }) {
  const [error, setError] = useState<string | null>(null)
  useEffect(
    () => holdTap(link, (failure) => setError(failure === null ? null : failureText(failure))),
    [link],
  )
  const seen = useSeen(link)
  if (error !== null) return <p class="error small">{error}</p>
  if (seen.length === 0) return <p class="empty small">Nothing passes at the moment.</p>
  return (
    <ol class="exchanges" tabIndex={0} aria-label={`Messages on ${link}, newest first`}>
      {seen.toReversed().map(({ key, request, reply }) => (
        <li key={key} title={request.summary ?? ''}>
          <span class="mono">{request.signature}</span>
          <span class={reply === undefined ? 'open' : ''}>
            {reply === undefined ? '… no reply yet' : (reply.status ?? 'ok')}
          </span>
          <span class="number">
            {reply?.tookMs === undefined ? '' : `${reply.tookMs.toFixed(1)} ms`}
          </span>
        </li>
      ))}
    </ol>
  )
}

/** The last exchanges, drawn a few times a second however many there are. */
function useSeen(link: string): readonly Seen[] {
  const [seen, setSeen] = useState<readonly Seen[]>([])
  useEffect(() => {
    const rows = new Map<string, Seen>()
    let changed = false
    const end = exchangeFeed.listen((event) => {
      if (event.link !== link) return
      const key = `${event.connection}#${event.exchange}`
      const before = rows.get(key)
      if (event.part === 'request') rows.set(key, { key, request: event })
      else if (before !== undefined) rows.set(key, { ...before, reply: event })
      const [oldest] = rows.keys()
      if (rows.size > shownMax && oldest !== undefined) rows.delete(oldest)
      changed = true
    })
    const timer = setInterval(() => {
      if (changed) setSeen([...rows.values()])
      changed = false
    }, drawEveryMs)
    return () => {
      clearInterval(timer)
      end()
    }
  }, [link])
  return seen
}

/** Keeps the tap alive; the function that it returns ends it. A page that is gone cannot: then the lease does. */
function holdTap(link: string, onError: (failure: unknown) => void): () => void {
  let id: string | null = null
  let over = false
  const open = async (): Promise<void> => {
    const before = id
    try {
      const tap = await api.tap({ link, leaseMs })
      id = tap.id
      onError(null)
      if (over) await api.untap(tap.id)
      else if (before !== null) await api.untap(before)
    } catch (failure) {
      if (!over) onError(failure)
    }
  }
  void open()
  const timer = setInterval(() => void open(), leaseMs / 2)
  return () => {
    over = true
    clearInterval(timer)
    if (id !== null) void api.untap(id).catch(() => undefined)
  }
}
