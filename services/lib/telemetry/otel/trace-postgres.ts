import { context, trace } from '@opentelemetry/api'
import { Client, Pool } from 'pg'

import type { OpenSpan, Telemetry } from '../telemetry.ts'

type Callback = (error: Error | undefined, ...results: unknown[]) => void
type Query = (this: Client, ...given: unknown[]) => unknown
type Connect = (this: Pool, callback?: Callback) => unknown

/**
 * A span for each statement that belongs to a request or a job, whichever file sends it and through whichever pool. Statements
 * of the periodic work have no span: an idle shop would export little else.
 */
export function tracePostgres(telemetry: Telemetry): void {
  const client = Client.prototype as unknown as { query: Query }
  const { query } = client
  client.query = function traced(this: Client, ...given: unknown[]): unknown {
    const text = textOf(given[0])
    if (text === undefined || trace.getSpan(context.active()) === undefined)
      return query.apply(this, given)
    const span = telemetry.begin(startOf(text, this))
    const last = given.at(-1)
    if (typeof last === 'function')
      return query.apply(this, [...given.slice(0, -1), endBefore(span, last as Callback)])
    const result = query.apply(this, given) as Promise<unknown>
    result.then(
      () => span.end(),
      (error: unknown) => span.end({ error }),
    )
    return result
  }

  // A request that waited for a connection would continue in the context of the request that returned it.
  const pool = Object.getPrototypeOf(Pool.prototype) as { connect: Connect }
  const { connect } = pool
  pool.connect = function bound(callback) {
    return callback === undefined
      ? connect.call(this)
      : connect.call(this, context.bind(context.active(), callback))
  }
}

function endBefore(span: OpenSpan, callback: Callback): Callback {
  const active = context.active()
  return (error, ...results) => {
    span.end(error ? { error } : {})
    context.with(active, () => callback(error, ...results))
  }
}

/** Undefined: not a statement, such as a stream. */
function textOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given
  if (typeof given !== 'object' || given === null || 'submit' in given) return undefined
  const { text } = given as { readonly text?: unknown }
  return typeof text === 'string' ? text : undefined
}

function startOf(text: string, client: Client) {
  const operation = /^\s*(\w+)/.exec(text)?.[1]?.toUpperCase() ?? 'QUERY'
  const table = /\b(?:FROM|INTO|UPDATE)\s+([a-z_]+)/.exec(text)?.[1]
  const summary = table === undefined ? operation : `${operation} ${table}`
  return {
    name: summary,
    kind: 'client' as const,
    attributes: {
      'db.system.name': 'postgresql',
      'db.namespace': client.database ?? '',
      'db.operation.name': operation,
      'db.query.summary': summary,
      // Values are parameters, so the text has none.
      'db.query.text': text.replaceAll(/\s+/g, ' ').trim(),
      ...(table === undefined ? {} : { 'db.collection.name': table }),
      'server.address': client.host,
      'server.port': client.port,
    },
  }
}
