import type { DirectAddresses } from '#chaos/contracts/runtime.ts'
import { kindOfStore, type Topology } from '#chaos/contracts/topology.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'

import type { Scalar, Snapshot, Table } from '../snapshot.ts'
import type { Statement } from '../statements.ts'
import { readHttp, readHttpValue } from './read-http.ts'
import { type PostgresContent, readPostgres } from './read-postgres.ts'
import { readRedis } from './read-redis.ts'

/** What is read of the stores of a system. */
export interface StoresRequest {
  readonly tables?: readonly string[]
  readonly where?: Readonly<Record<string, string>>
  readonly rowsMax: number
  /** Services with a store of their own: `payments /books`. */
  readonly services: readonly string[]
  readonly statements: readonly Statement[]
}

/** Reads every store of the system directly, past every link. `{{id}}` in statements becomes `id`. Throws if a store cannot be read. */
export async function readStores(
  topology: Topology,
  addresses: DirectAddresses,
  request: StoresRequest,
  id: string,
): Promise<Snapshot> {
  const stores = topology.stores.filter(
    ({ replicaOf, profile }) => replicaOf === undefined && profile === undefined,
  )
  const several = (kind: 'postgres' | 'redis'): boolean =>
    stores.filter((store) => kindOfStore(store) === kind).length > 1
  const values: Scalar[] = request.statements.map(() => null)
  const parts = await Promise.all(
    stores.map(async (store) => {
      const kind = kindOfStore(store)
      const mine = statementsOf(
        request.statements,
        kind === 'postgres' ? 'sql' : 'redis',
        store.name,
        several(kind),
      )
      const texts = mine.map(({ statement }) => statement.text.replaceAll('{{id}}', id))
      const content = await readStore(kind, addresses.storeUrl(store.name), request, texts)
      mine.forEach(({ at }, i) => (values[at] = content.values[i] ?? null))
      return several(kind) ? { ...content, ...named(store.name, content) } : content
    }),
  )
  const services = await Promise.all(
    request.services.map(async (service) => {
      const { instance, path } = placeOf(topology, service)
      const { rowsMax } = request
      return await readHttp({ url: `${addresses.http(instance)}${path}`, name: instance, rowsMax })
    }),
  )
  await Promise.all(
    request.statements.map(async ({ kind, text, of, at }, i) => {
      if (kind !== 'http') return
      const { instance, path } = placeOf(
        topology,
        text.replaceAll('{{id}}', id).replace(/^GET\s+/, ''),
        of,
      )
      values[i] = await readHttpValue(`${addresses.http(instance)}${path}`, at)
    }),
  )
  return {
    tables: Object.assign(
      {},
      ...parts.map(({ tables }) => tables),
      ...services.map(({ tables }) => tables),
    ) as Snapshot['tables'],
    unread: Object.assign(
      {},
      ...parts.map(({ unread }) => unread),
      ...services.map(({ unread }) => unread),
    ) as Snapshot['unread'],
    pending: parts.reduce((sum, { pending }) => sum + pending, 0),
    values,
  }
}

async function readStore(
  kind: 'postgres' | 'redis',
  url: string,
  { tables, where, rowsMax }: StoresRequest,
  statements: readonly string[],
): Promise<PostgresContent & { readonly pending: number }> {
  if (kind === 'redis') return await readRedis(url, { keysMax: rowsMax, statements })
  const content = await readPostgres(url, {
    rowsMax,
    statements,
    ...(tables === undefined ? {} : { tables }),
    ...(where === undefined ? {} : { where }),
  })
  return { ...content, pending: 0 }
}

interface Placed {
  readonly statement: Statement
  readonly at: number
}

/** The statements for one store. One without a store is for the only one of its kind. */
function statementsOf(
  statements: readonly Statement[],
  kind: Statement['kind'],
  store: string,
  isOneOfSeveral: boolean,
): readonly Placed[] {
  return statements.flatMap((statement, at): Placed[] => {
    if (statement.kind !== kind) return []
    if (statement.of === undefined && isOneOfSeveral)
      throw new InputError(
        `The statement "${statement.text}" names no store, and there are several.`,
        {
          remedy: `Add the store, for example "of: ${store}".`,
        },
      )
    return (statement.of ?? store) === store ? [{ statement, at }] : []
  })
}

/** With several stores of a kind, their tables have the store's name in front. */
function named(
  store: string,
  { tables, unread }: Pick<Snapshot, 'tables' | 'unread'>,
): Pick<Snapshot, 'tables' | 'unread'> {
  const rename = <T>(all: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
    Object.fromEntries(Object.entries(all).map(([name, one]) => [`${store}.${name}`, one]))
  return { tables: rename<Table>(tables), unread: rename(unread) }
}

/** `payments /books`: the instance, or the first of the service, and the path. */
function placeOf(
  { instances }: Topology,
  text: string,
  of?: string,
): { readonly instance: string; readonly path: string } {
  const [first = '', second = ''] = text.split(/\s+/)
  const [name, path] = of === undefined ? [first, second] : [of, first]
  const found = instances.find((one) => one.name === name || one.service === name)
  if (found === undefined)
    throw unknownName(
      'service',
      name,
      instances.map((one) => one.name),
    )
  return { instance: found.name, path }
}
