import { useEffect, useMemo, useState } from 'preact/hooks'

import type { ExchangeEvent } from '../../../../contracts/links.ts'
import { api, failureText } from '../../data/api.ts'
import { exchangeFeed } from '../../data/feeds.ts'
import type { RingBuffer } from '../../streams/ring-buffer.ts'
import { useStream } from '../../streams/use-stream.ts'
import { VirtualList } from '../../streams/virtual-list.tsx'

const shownMax = 200
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
  const { items } = useStream<SeenExchange>(link, shownMax, (buffer, changed) =>
    followExchanges(link, buffer, changed),
  )
  const seen = useMemo(() => items.toReversed(), [items])
  if (error !== null) return <p class="error small">{error}</p>
  if (seen.length === 0) return <p class="empty small">No exchanges yet.</p>
  return (
    <VirtualList
      class="exchanges"
      label={`Exchanges on ${link}, newest first`}
      items={seen}
      keyOf={({ key }) => key}
      estimatePx={24}
      row={({ request, reply }) => (
        <div title={request.summary ?? ''}>
          <span class="mono">{request.signature}</span>
          <span class={reply === undefined ? 'open' : ''}>
            {reply === undefined ? '… no reply yet' : (reply.status ?? 'ok')}
          </span>
          <span class="number">
            {reply?.tookMs === undefined ? '' : `${reply.tookMs.toFixed(1)} ms`}
          </span>
        </div>
      )}
    />
  )
}

/** Writes the exchanges of a link into the buffer. A reply replaces its request, if the buffer still has it. */
function followExchanges(
  link: string,
  buffer: RingBuffer<SeenExchange>,
  changed: () => void,
): () => void {
  return exchangeFeed.listen((event) => {
    if (event.link !== link) return
    const key = `${event.connection}#${event.exchange}`
    if (event.part === 'request') buffer.push({ key, request: event })
    else
      buffer.replace(
        (seen) => seen.key === key,
        (seen) => ({ ...seen, reply: event }),
      )
    changed()
  })
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
