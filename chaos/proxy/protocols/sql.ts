const statementsMax = 4
const cacheMax = 2_000
const cache = new Map<string, string>()

/**
 * A short name for an SQL text: `INSERT orders`, `UPDATE products`, `COMMIT`. Several statements are joined with `; `.
 * Values, columns and conditions are left out, so that the name is the same in every run.
 */
export function nameOfSql(sql: string): string {
  const known = cache.get(sql)
  if (known !== undefined) return known
  const names = statementsOf(sql).map(nameOfStatement)
  const shown = names.slice(0, statementsMax)
  if (names.length > statementsMax) shown.push('...')
  const name = shown.length === 0 ? 'empty query' : shown.join('; ')
  // Texts that contain values would fill the memory, so the cache is cleared when it is full.
  if (cache.size >= cacheMax) cache.clear()
  cache.set(sql, name)
  return name
}

/** The statements of a text, without comments and extra spaces; strings become `''`. */
function statementsOf(sql: string): string[] {
  const bare = sql
    .replaceAll(/'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$/g, "''")
    .replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .replaceAll(/\s+/g, ' ')
  return bare
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}

const fixed: readonly (readonly [RegExp, string])[] = [
  [/^(begin|start transaction)\b/i, 'BEGIN'],
  [/^(commit|end)\b/i, 'COMMIT'],
  [/^rollback to\b/i, 'ROLLBACK TO'],
  [/^(rollback|abort)\b/i, 'ROLLBACK'],
]

const name = String.raw`((?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))*)`
const write = new RegExp(
  String.raw`\b(insert) into ${name}|\b(update) (?:only )?${name}|\b(delete) from (?:only )?${name}`,
  'i',
)
const from = new RegExp(String.raw`\bfrom (?:only )?${name}`, 'gi')
const object = new RegExp(
  String.raw`^(create|alter|drop)\b.*?\b(table|index|view|role|database|schema|type|function|sequence)\b(?: if (?:not )?exists)? ${name}`,
  'i',
)
const simple = new RegExp(
  String.raw`^(lock(?: table)?|truncate(?: table)?|copy|set|show|reset|listen|notify|unlisten|vacuum|analyze|execute|prepare|deallocate|declare|fetch|close|savepoint|release(?: savepoint)?|call)\b(?: (?:local |session |only |verbose )?${name})?`,
  'i',
)

function nameOfStatement(statement: string): string {
  for (const [pattern, fixedName] of fixed) if (pattern.test(statement)) return fixedName
  if (/^with\b/i.test(statement)) return nameOfWith(statement)
  if (/^insert|^update|^delete/i.test(statement)) return nameOfWrite(statement) ?? first(statement)
  if (/^select\b/i.test(statement)) return nameOfSelect(statement, new Set())
  const made = object.exec(statement)
  if (made !== null) return `${upper(made[1])} ${upper(made[2])} ${bareName(made[3] as string)}`
  const other = simple.exec(statement)
  if (other === null) return first(statement)
  return other[2] === undefined ? upper(other[1]) : `${upper(other[1])} ${bareName(other[2])}`
}

function nameOfWrite(statement: string): string | undefined {
  const match = write.exec(statement)
  if (match === null) return undefined
  const verb = match[1] ?? match[3] ?? match[5]
  return `${upper(verb)} ${bareName((match[2] ?? match[4] ?? match[6]) as string)}`
}

/** `WITH taken AS (UPDATE ...) SELECT ...` is named after the table that it changes, else after the first real table that it reads. */
function nameOfWith(statement: string): string {
  const changed = nameOfWrite(statement.replaceAll(/\bfor (no key )?update\b/gi, ''))
  if (changed !== undefined) return changed
  const made = statement.matchAll(/(?:^with(?: recursive)?|,) ("?[\w$]+"?)(?: \([^)]*\))? as\b/gi)
  return nameOfSelect(statement, new Set([...made].map((match) => bareName(match[1] as string))))
}

function nameOfSelect(statement: string, except: ReadonlySet<string>): string {
  for (const match of statement.matchAll(from)) {
    const table = bareName(match[1] as string)
    if (!except.has(table)) return `SELECT ${table}${lock(statement)}`
  }
  const called = new RegExp(String.raw`^select (?:distinct )?${name} ?\(`, 'i').exec(statement)
  return called === null ? 'SELECT' : `SELECT ${bareName(called[1] as string)}`
}

/** A SELECT that takes a lock has its lock in its name. */
function lock(statement: string): string {
  const strength = /\bfor ((?:no key )?update|(?:key )?share)\b/i.exec(statement)?.[1]
  return strength === undefined ? '' : ` FOR ${strength.toUpperCase()}`
}

/** `public."Orders"` is `Orders`. */
function bareName(qualified: string): string {
  const last = /("[^"]+"|[\w$]+)$/.exec(qualified)?.[1] ?? qualified
  return last.startsWith('"') ? last.slice(1, -1) : last.toLowerCase()
}

function first(statement: string): string {
  return upper(/^\w+/.exec(statement)?.[0] ?? 'query')
}

function upper(word: string | undefined): string {
  return (word ?? '').toUpperCase()
}
