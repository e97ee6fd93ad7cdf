import type { Effect, EffectGroup } from './effect.ts'

/** The learned effect in words: one line for each table, then its rows. */
export function effectLines(effect: Effect): readonly string[] {
  const { groups, background, unread, idempotent } = effect
  return [
    ...groups.flatMap((group) => [headOf(group), ...group.parts.map(partLine)]),
    ...(background.length === 0
      ? []
      : [`background, changes without a flow: ${background.join(', ')}`]),
    ...Object.entries(unread).map(([table, why]) => `not read: ${table}: ${why}`),
    idempotent
      ? 'the same id sent twice has one effect'
      : 'the same id sent twice has two effects: without a response, no retry is judged',
  ]
}

function headOf({ table, op, holds, because, parts }: EffectGroup): string {
  const rows = parts.reduce((sum, { count }) => sum + count, 0)
  const what = {
    one: `exactly ${rows === 1 ? 'one row' : `${rows} rows`}`,
    many: 'may repeat',
    loose: 'not judged',
  }[holds]
  return `${table} ${op}: ${what} (${because})`
}

function partLine({ shape, count }: EffectGroup['parts'][number]): string {
  const cells = Object.entries(shape).map(([column, value]) => `${column}: ${String(value)}`)
  return `  ${count > 1 ? `${count} × ` : ''}${cells.join(', ') || 'any values'}`
}
