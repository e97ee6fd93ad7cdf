import { Undecided } from '../../contract-probe.ts'
import type { Context, Scope } from './context.ts'
import { callFunction } from './functions.ts'
import type { Expression, Select } from './parser/statements.ts'
import type { Values } from './rows.ts'
import { calculate, cast, compare, Json, sqlError, toBoolean, toText } from './values.ts'
import type { Value } from './values.ts'

export function evaluate(expression: Expression, scope: Scope, context: Context): Value {
  const of = (inner: Expression): Value => evaluate(inner, scope, context)
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'parameter':
      return context.parameters[expression.index] ?? null
    case 'column':
      return columnIn(scope, expression.table, expression.name)
    case 'not':
      return negate(of(expression.of))
    case 'negative':
      return calculate('-', 0, of(expression.of))
    case 'binary':
      return binary(expression.operator, of(expression.left), () => of(expression.right))
    case 'is': {
      const value = of(expression.of)
      return expression.what === null ? value === null : value === expression.what
    }
    case 'in':
      return isAmong(of(expression.of), amongOf(expression.among, scope, context))
    case 'any':
    case 'every':
      return quantified(expression, scope, context)
    case 'case':
      return caseOf(expression, of)
    case 'cast':
      return cast(of(expression.of), expression.type)
    case 'array':
      return expression.items.map((item) => of(item))
    case 'query':
      return scalar(subquery(expression.query, scope, context))
    case 'exists':
      return subquery(expression.query, scope, context).length > 0
    case 'call':
      return callFunction(
        expression.name,
        expression.given.map((given) => of(given)),
        context,
      )
    case 'all':
      throw new Undecided('a * in an expression')
  }
}

/** True if the condition is true, and not null. */
export function holds(condition: Expression | undefined, scope: Scope, context: Context): boolean {
  if (condition === undefined) return true
  const value = evaluate(condition, scope, context)
  return value !== null && toBoolean(value)
}

/** Postgres runs a subquery once, unless it depends on the row. */
function subquery(query: Select, scope: Scope, context: Context): readonly Values[] {
  const known = context.known.get(query)
  if (known !== undefined) return known
  let isDependent = false
  const outer = { ...scope, used: () => (isDependent = true) }
  const rows = context.select(query, outer, context)
  if (!isDependent) context.known.set(query, rows)
  return rows
}

function columnIn(scope: Scope, table: string | undefined, name: string): Value {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    if (at !== scope) at.used?.()
    const found = at.bindings
      .filter(({ alias }) => (table ?? alias) === alias)
      .map(({ values, system }) => [values, system].find((one) => one && Object.hasOwn(one, name)))
      .filter((values) => values !== undefined)
    if (found.length > 1) throw sqlError('42702', `column reference "${name}" is ambiguous`)
    if (found[0] !== undefined) return found[0][name] ?? null
  }
  // A system column, a whole row, or a mistake.
  throw new Undecided(`the column ${table === undefined ? '' : `${table}.`}${name}`)
}

function negate(value: Value): Value {
  return value === null ? null : !toBoolean(value)
}

function binary(operator: string, left: Value, readRight: () => Value): Value {
  if (operator === 'and' || operator === 'or') return logical(operator, left, readRight)
  const right = readRight()
  if (operator === 'distinct') {
    if (left === null || right === null) return left !== right
    return compare(left, right) !== 0
  }
  if (operator === '||') {
    if (left === null || right === null) return null
    if (Array.isArray(left) || left instanceof Json) throw new Undecided('the operator ||')
    return toText(left) + toText(right)
  }
  if (operator.startsWith('->')) return member(left, operator, right)
  const test = comparisons[operator]
  if (test === undefined) return calculate(operator, left, right)
  const order = compare(left, right)
  return order === undefined ? null : test(order)
}

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}

function logical(operator: 'and' | 'or', left: Value, readRight: () => Value): Value {
  const decides = operator === 'or'
  if (left !== null && toBoolean(left) === decides) return decides
  const right = readRight()
  if (right !== null && toBoolean(right) === decides) return decides
  return left === null || right === null ? null : !decides
}

function member(left: Value, operator: string, key: Value): Value {
  if (left === null || key === null) return null
  if (!(left instanceof Json) || typeof key !== 'string') throw new Undecided('a part of JSON')
  const value = (left.value as Record<string, unknown> | null)?.[key]
  if (value === undefined || value === null) return null
  if (operator === '->') return new Json(value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function amongOf(
  among: Expression | readonly Expression[] | Select,
  scope: Scope,
  context: Context,
): readonly Value[] {
  if ('length' in among) return among.map((item) => evaluate(item, scope, context))
  if (among.kind === 'select')
    return subquery(among, scope, context).map((row) => Object.values(row)[0] ?? null)
  const array = evaluate(among, scope, context)
  if (!Array.isArray(array)) throw new Undecided('ANY of something that is not an array')
  return array as readonly Value[]
}

function isAmong(value: Value, among: readonly Value[], operator = '='): Value {
  const results = among.map((item) => binary(operator, value, () => item))
  if (results.includes(true)) return true
  return results.includes(null) ? null : false
}

function quantified(
  expression: Extract<Expression, { readonly kind: 'any' | 'every' }>,
  scope: Scope,
  context: Context,
): Value {
  const value = evaluate(expression.of, scope, context)
  const among = amongOf(expression.among, scope, context)
  if (expression.kind === 'any') return isAmong(value, among, expression.operator)
  const results = among.map((item) => binary(expression.operator, value, () => item))
  if (results.includes(false)) return false
  return results.includes(null) ? null : true
}

function caseOf(
  { of, cases, otherwise }: Extract<Expression, { readonly kind: 'case' }>,
  read: (expression: Expression) => Value,
): Value {
  const value = of === undefined ? undefined : read(of)
  const found = cases.find(([when]) => {
    const tested = read(when)
    return value === undefined ? tested === true : compare(value, tested) === 0
  })
  if (found !== undefined) return read(found[1])
  return otherwise === undefined ? null : read(otherwise)
}

function scalar(rows: readonly Values[]): Value {
  if (rows.length > 1)
    throw sqlError('21000', 'more than one row returned by a subquery used as an expression')
  return rows[0] === undefined ? null : (Object.values(rows[0])[0] ?? null)
}
