import { Undecided } from '../../contract-probe.ts'
import { combine, lockBinding } from './combine-rows.ts'
import type { Binding, Context, Scope } from './context.ts'
import { evaluate, holds } from './evaluate.ts'
import { aggregate } from './functions.ts'
import { lockTable } from './locks.ts'
import type { Column, Expression, Select, With } from './parser/statements.ts'
import type { Values } from './rows.ts'
import { compare } from './values.ts'
import type { Value } from './values.ts'

/** Runs a query. `outer` has the rows of the query around it. */
export function runSelect(
  query: Select,
  outer: Scope | undefined,
  before: Context,
): readonly Values[] {
  const context = withParts(query.with, before)
  const scopeOf = (bindings: readonly Binding[]): Scope =>
    outer === undefined ? { bindings } : { bindings, outer }
  const matching = combine([], query.from, outer, context).filter((bindings) =>
    holds(query.where, scopeOf(bindings), context),
  )
  if (query.columns.some(({ value }) => hasAggregate(value)))
    return [summarize(query, matching.map(scopeOf), scopeOf([]), context)]
  const sorted = sort(query, matching.map(scopeOf), context)
  const limit = countOf(query.limit, context) ?? Number.POSITIVE_INFINITY
  const offset = countOf(query.offset, context) ?? 0
  if (query.lock === undefined)
    return sorted
      .slice(offset, offset + limit)
      .map((scope) => project(query.columns, scope, context))
  if (offset > 0) throw new Undecided('OFFSET with a lock')
  const locked: Values[] = []
  for (const scope of sorted) {
    if (locked.length >= limit) break
    const still = lockAll(query, scope, scopeOf, context)
    if (still !== undefined) locked.push(project(query.columns, scopeOf(still), context))
  }
  return locked
}

/** Runs the queries of WITH, one after the other. They all see the same rows. */
export function withParts(parts: readonly With[], context: Context): Context {
  return parts.reduce((known, { name, query }) => {
    const rows =
      query.kind === 'select'
        ? known.select(query, { bindings: [] }, known)
        : known.change(query, known)
    return { ...known, parts: new Map(known.parts).set(name, rows) }
  }, context)
}

function countOf(expression: Expression | undefined, context: Context): number | undefined {
  if (expression === undefined) return undefined
  const value = evaluate(expression, { bindings: [] }, context)
  return value === null ? undefined : Number(value)
}

function lockAll(
  query: Select,
  { bindings }: Scope,
  scopeOf: (bindings: readonly Binding[]) => Scope,
  context: Context,
): readonly Binding[] | undefined {
  const { lock } = query
  if (lock === undefined) return bindings
  const stillHolds = (newest: readonly Binding[]): boolean =>
    [query.where, ...query.from.map(({ on }) => on)].every((condition) =>
      holds(condition, scopeOf(newest), context),
    )
  let still: readonly Binding[] | undefined = bindings
  for (const [index, { alias, table }] of bindings.entries()) {
    if (table === undefined || (lock.of.length > 0 && !lock.of.includes(alias))) continue
    lockTable(table, context.holder, 'row share')
    const target: Binding | undefined = still[index]
    if (target === undefined) return undefined
    still = lockBinding(still, target, lock, stillHolds, context)
    if (still === undefined) return undefined
  }
  return still
}

function sort(query: Select, scopes: readonly Scope[], context: Context): readonly Scope[] {
  if (query.order.length === 0) return scopes
  const keyed = scopes.map((scope) => ({
    scope,
    keys: query.order.map(({ by }) => evaluate(sortKey(by, query.columns), scope, context)),
  }))
  const order = (a: readonly Value[], b: readonly Value[]): number => {
    for (const [i, { descending }] of query.order.entries()) {
      const difference = orderOf(a[i] ?? null, b[i] ?? null) * (descending ? -1 : 1)
      if (difference !== 0) return difference
    }
    return 0
  }
  return keyed.toSorted((a, b) => order(a.keys, b.keys)).map(({ scope }) => scope)
}

/** Nulls come last. */
function orderOf(a: Value, b: Value): number {
  return compare(a, b) ?? Number(a === null) - Number(b === null)
}

/** The name or the number of a result column stands for its expression. */
function sortKey(by: Expression, columns: readonly Column[]): Expression {
  if (by.kind === 'literal' && typeof by.value === 'number')
    return columns[by.value - 1]?.value ?? by
  if (by.kind !== 'column' || by.table !== undefined) return by
  return columns.find(({ as }) => as === by.name)?.value ?? by
}

/** The result of one row. */
export function project(columns: readonly Column[], scope: Scope, context: Context): Values {
  const named = columns.flatMap(({ value, as }): readonly (readonly [string, Value])[] => {
    if (value.kind !== 'all') return [[as ?? nameOf(value), evaluate(value, scope, context)]]
    return scope.bindings
      .filter(({ alias }) => (value.table ?? alias) === alias)
      .flatMap(({ values }) => Object.entries(values))
  })
  const names = named.map(([name]) => name)
  // Two columns may have the same name.
  const keyOf = (name: string, i: number): string =>
    names.indexOf(name) === i ? name : `${name}${again}${i}`
  return Object.fromEntries(named.map(([name, value], i) => [keyOf(name, i), value]))
}

/** Between the name of a column and its number, if another column has this name. */
export const again = '\0'

/** The name that Postgres gives to a column without one. */
function nameOf(value: Expression): string {
  if (value.kind === 'column' || value.kind === 'call') return value.name
  if (value.kind === 'cast') {
    const inner = nameOf(value.of)
    return inner === '?column?' ? (castNames[value.type] ?? value.type) : inner
  }
  if (value.kind === 'case' || value.kind === 'exists' || value.kind === 'array') return value.kind
  const [first] = value.kind === 'query' ? value.query.columns : []
  return first === undefined ? '?column?' : (first.as ?? nameOf(first.value))
}

const castNames: Readonly<Record<string, string>> = {
  integer: 'int4',
  bigint: 'int8',
  boolean: 'bool',
}

function isAggregate(value: Expression): boolean {
  return value.kind === 'call' && aggregate(value.name) !== undefined
}

function hasAggregate(value: Expression): boolean {
  return replaceAggregates(value, () => null) !== value
}

/** One row about all matching rows. */
function summarize(
  { columns, lock }: Select,
  scopes: readonly Scope[],
  empty: Scope,
  context: Context,
): Values {
  if (lock !== undefined) throw new Undecided('a lock with an aggregate')
  const compute = (call: Expression & { readonly kind: 'call' }): Value => {
    const [of] = call.given
    const values = scopes.map((scope) =>
      of === undefined || of.kind === 'all' ? true : evaluate(of, scope, context),
    )
    return aggregate(call.name)?.(values) ?? null
  }
  const computed = columns.map(({ value, as }) => ({
    value: replaceAggregates(value, compute),
    as: as ?? nameOf(value),
  }))
  return project(computed, empty, context)
}

/** The expression with the results of its aggregates. Subqueries are left alone. */
function replaceAggregates<T>(
  part: T,
  compute: (call: Expression & { readonly kind: 'call' }) => Value,
): T {
  if (typeof part !== 'object' || part === null) return part
  if (Array.isArray(part)) {
    const items = part.map((item: unknown) => replaceAggregates(item, compute))
    return items.every((item, i) => item === part[i]) ? part : (items as T)
  }
  const expression = part as unknown as Expression
  if (expression.kind === 'call' && isAggregate(expression))
    return { kind: 'literal', value: compute(expression) } as T
  if (expression.kind === 'query' || expression.kind === 'exists') return part
  if ((expression.kind as string) === 'select') return part
  const entries = Object.entries(part).map(
    ([name, inner]) => [name, replaceAggregates(inner as unknown, compute)] as const,
  )
  const isSame = entries.every(([name, inner]) => inner === part[name as keyof typeof part])
  return isSame ? part : (Object.fromEntries(entries) as T)
}
