import type { Learned, LearnedTable } from '#chaos/contracts/system/flow.ts'

import type { Effect, EffectGroup } from './effect.ts'
import { fullName } from './learn-effect.ts'

/** The effect, and what users read about it. */
export function learnedEffect(effect: Effect): Learned {
  const { groups, background, unread, idempotent, repeatStatuses = [] } = effect
  const attempts = new Set(
    groups.flatMap(({ table, attempts: columns = [] }) =>
      columns.map((column) => fullName(table, column)),
    ),
  )
  const notes = [
    ...(background.length === 0
      ? []
      : [`background, changes without a flow: ${background.join(', ')}`]),
    ...Object.entries(unread).map(([table, why]) => `not read: ${table}: ${why}`),
    ...(attempts.size === 0
      ? []
      : [
          `another value is legal, because the name is about attempts: ${[...attempts].join(', ')} (keep compares them)`,
        ]),
    idempotent
      ? `the same id sent twice has one effect${repeatStatuses.length === 0 ? '' : `, and a retry that receives ${repeatStatuses.join(' or ')} is done`}`
      : 'the same id sent twice has two effects: without a response, no retry is judged',
  ]
  return { effect, tables: groups.map(tableOf), notes }
}

function tableOf({ table, op, holds, because, parts }: EffectGroup): LearnedTable {
  const count = parts.reduce((sum, part) => sum + part.count, 0)
  const inWords = {
    one: `exactly ${count === 1 ? 'one row' : `${count} rows`}`,
    many: 'may repeat',
    loose: 'not judged',
  }
  return { table, op, holds: inWords[holds], because, rows: parts.map(rowText) }
}

function rowText({ shape, count }: EffectGroup['parts'][number]): string {
  const cells = Object.entries(shape).map(([column, value]) => `${column}: ${String(value)}`)
  return `${count > 1 ? `${count} × ` : ''}${cells.join(', ') || 'any values'}`
}
