import type { ActionBody } from '#chaos/contracts/gameday/gameday-view.ts'
import { storeOfKind } from '#chaos/contracts/topology.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { resolveTargets } from '#chaos/engine/targets.ts'
import { connectPostgres } from '#chaos/faults/lib/postgres.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { HiddenFaults } from './hidden-faults.ts'

/** What an action did. */
export interface ActionOutcome {
  readonly touched: readonly string[]
  readonly result: string
  /** Only of `end-session`: the latest statement of the session, by which a repetition finds it. */
  readonly session?: string
}

export type ActingSandbox = Pick<Sandbox, 'system' | 'runtime' | 'environmentOf'>

interface Around {
  readonly sandbox: ActingSandbox
  readonly hidden: HiddenFaults
  readonly signal: AbortSignal
}

const graceMs = 5_000
const sessionLengthMax = 200
const respondsWithinMs = 20_000

/**
 * Carries the action out on the sandbox, and then ends the hidden faults that it ends. `session`: of a repeated `end-session`, what the
 * session executed. Throws {@link InputError} for an action that makes no sense here.
 */
export async function carryOut(
  body: ActionBody & { readonly session?: string },
  around: Around,
): Promise<ActionOutcome> {
  const { action, target } = body
  const { sandbox, hidden } = around
  const { topology } = sandbox.system
  if (action === 'end-session') return await endSession(body, around)
  const touched = resolveTargets(topology, action === 'reroute' ? 'link' : 'instance', target)
  if (action === 'set' && Object.keys(body.settings ?? {}).length === 0)
    throw new InputError('No setting is given.', {
      remedy: 'Name one: unhappy gameday do set api CACHE_TTL_MS=5000',
    })
  // A rollback waits for the instances: the fault that holds the earlier version starts it again.
  if (action !== 'reroute' && action !== 'rollback')
    await Promise.all(touched.map((name) => change(name, body, around)))
  const ended = await hidden.endBy(action, touched)
  return { touched, result: resultOf(body, ended) }
}

async function change(
  name: string,
  { action, settings = {} }: ActionBody,
  { sandbox, signal }: Around,
): Promise<void> {
  const { runtime } = sandbox
  const request = { by: 'user', signal } as const
  if (action === 'start') return await runtime.start(name, request)
  await runtime.stop(name, { ...request, graceMs })
  if (action === 'restart') await runtime.start(name, request)
  if (action === 'set') {
    const environment = { ...sandbox.environmentOf(name), ...settings }
    await runtime.start(name, { ...request, environment })
  }
}

/** It says the same whether or not the action was the right one, except for what any operator would see. */
function resultOf({ action, settings }: ActionBody, ended: readonly string[]): string {
  switch (action) {
    case 'restart':
      return 'restarted'
    case 'stop':
      return 'out of service'
    case 'start':
      return 'started'
    case 'reroute':
      return 'traffic takes the other path'
    case 'set':
      return `restarted with ${Object.entries(settings ?? {})
        .map(([name, value]) => `${name}=${value}`)
        .join(' ')}`
    case 'rollback':
      return ended.length === 0
        ? 'there is no earlier release to roll back to'
        : `rolled back: ${ended.join(', ')}`
    case 'end-session':
      return 'ended'
  }
}

async function endSession(
  { target, pid, session }: ActionBody & { readonly session?: string },
  { sandbox }: Around,
): Promise<ActionOutcome> {
  const { topology } = sandbox.system
  const touched = resolveTargets(topology, 'store', target)
  const postgres = storeOfKind(topology, 'postgres')?.name
  if (touched.some((name) => name !== postgres))
    throw new InputError(`"${target}" has no session that can be ended.`, {
      remedy: `Only sessions of Postgres can: unhappy gameday do end-session ${postgres ?? 'postgres'} --pid N`,
    })
  if (pid === undefined && session === undefined)
    throw new InputError('No session is named.', {
      remedy:
        "Name its process: --pid N. See them: unhappy sql 'SELECT pid, state, query FROM pg_stat_activity'",
    })
  // With many sessions that wait, Postgres takes long to open another one.
  const settings = { connectionTimeoutMillis: respondsWithinMs, query_timeout: respondsWithinMs }
  const client = await connectPostgres(sandbox.runtime.addresses.databaseUrl, settings)
  try {
    const found = await client.query<{ pid: number; query: string }>(
      `SELECT pid, left(query, ${sessionLengthMax}) AS query FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()
         AND (pid = $1 OR left(query, ${sessionLengthMax}) = $2)`,
      [pid ?? null, session ?? null],
    )
    const [first] = found.rows
    if (first === undefined)
      throw new InputError(`There is no session ${pid ?? `with "${session}"`}.`, { status: 404 })
    for (const row of found.rows) await client.query('SELECT pg_terminate_backend($1)', [row.pid])
    return { touched, result: `the session ${first.pid} has ended`, session: first.query }
  } finally {
    await client.end()
  }
}
