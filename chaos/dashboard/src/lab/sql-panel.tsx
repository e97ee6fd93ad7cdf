import { useState } from 'preact/hooks'

import { formatCount } from '../../../checks/lib/format.ts'
import type { SqlRows } from '../../../contracts/api.ts'
import { api } from '../data/api.ts'
import { useAction } from '../hooks/use-action.ts'

/** One read-only statement on Postgres, through no link: what faults on links do to others does not affect it. */
export function SqlPanel() {
  const [result, setResult] = useState<SqlRows | null>(null)
  return (
    <Console
      name="SQL"
      what="One statement that reads: SELECT, EXPLAIN, SHOW. It goes to Postgres directly, through no link."
      first="SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
      send={async (text) => setResult(await api.sql(text))}
    >
      {result !== null && <Rows result={result} />}
    </Console>
  )
}

function Rows({ result: { columns, rows, more, tookMs } }: { readonly result: SqlRows }) {
  return (
    <>
      <p class="small muted" role="status">
        {formatCount(rows.length, 'row')}
        {more && ', and more that are not shown'}, {tookMs} ms
      </p>
      {rows.length > 0 && (
        <div class="scroll results" tabIndex={0} role="group" aria-label="Rows">
          <table class="mono">
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, i) => (
                <tr key={i}>
                  {row.map((value, at) => (
                    <td key={at}>{value ?? <span class="muted">NULL</span>}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}

/** One read-only command on Redis, through no link. */
export function RedisPanel() {
  const [reply, setReply] = useState<string | null>(null)
  return (
    <Console
      name="Redis"
      what="One command that reads, as in redis-cli: KEYS, GET, LRANGE, INFO. It goes to Redis directly, through no link."
      first="KEYS *"
      send={async (text) => setReply((await api.redis(text)).reply)}
    >
      {reply !== null && (
        <pre class="logs asis results" tabIndex={0} role="group" aria-label="Reply">
          {reply}
        </pre>
      )}
    </Console>
  )
}

function Console({
  name,
  what,
  first,
  send,
  children,
}: {
  readonly name: string
  readonly what: string
  /** The text to begin with. */
  readonly first: string
  readonly send: (text: string) => Promise<void>
  readonly children: preact.ComponentChildren
}) {
  const [text, setText] = useState(first)
  const { busy, error, run } = useAction()
  const submit = (event: Event): void => {
    event.preventDefault()
    if (!busy && text.trim() !== '') run(async () => send(text))
  }
  return (
    <section class="panel stack console" aria-label={name}>
      <form class="form" onSubmit={submit}>
        <label>
          <span class="small muted">{what}</span>
          <textarea
            class="mono"
            rows={3}
            spellcheck={false}
            aria-label={`${name}: ${what}`}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event)
            }}
          />
        </label>
        <div class="row">
          <button disabled={busy || text.trim() === ''}>Send</button>
          <span class="small muted">
            or <kbd>Ctrl</kbd>+<kbd>Enter</kbd>
          </span>
        </div>
      </form>
      {error !== null && (
        <p class="error small" role="alert">
          {error}
        </p>
      )}
      {error === null && children}
    </section>
  )
}
