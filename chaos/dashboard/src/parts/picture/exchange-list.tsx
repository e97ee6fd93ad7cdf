import { useEffect, useState } from 'preact/hooks'

import type { ExchangeEvent } from '../../../../contracts/links.ts'
import { api, failureText } from '../../data/api.ts'
import { exchangeFeed } from '../../data/feeds.ts'

const shownMax = 40
const drawEveryMs = 250
const leaseMs = 60_000

interface SeenExchange {
  readonly key: string
  readonly request: ExchangeEvent
  readonly reply?: ExchangeEvent
}

/** The exchanges on a link, while the user watches them. A tap reports them; it ends with its lease at the latest. */
export function ExchangeList({ link }: { readonly link: string }) {
  const [on, setOn] = useState(false)
  return (
    <div class="stack">
      <button aria-pressed={on} data-testid="tap" onClick={() => setOn(!on)}>
        {on ? 'Stop the tap' : 'Tap: show the exchanges'}
      </button>
      {on && <TappedExchanges link={link} />}
    </div>
  )
}

function TappedExchanges({ link }: { readonly link: string }) {
  const [error, setError] = useState<string | null>(null)
  useEffect(
    () => holdTap(link, (failure) => setError(failure === null ? null : failureText(failure))),
    [link],
  )
  const seen = useExchanges(link)
  if (error !== null) return <p class="error small">{error}</p>
  if (seen.length === 0) return <p class="empty small">No exchanges yet.</p>
  return (
    <ol class="exchanges" tabIndex={0} aria-label={`Exchanges on ${link}, newest first`}>
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

/** The last exchanges on a link, updated a few times a second. */
function useExchanges(link: string): readonly SeenExchange[] {
  const [seen, setSeen] = useState<readonly SeenExchange[]>([])
  useEffect(() => {
    const rows = new Map<string, SeenExchange>()
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

/** Opens a tap and renews it. The returned function ends it. If the page is closed, the lease ends the tap. */
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
