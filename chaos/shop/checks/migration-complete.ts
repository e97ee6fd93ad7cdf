import { createHash } from 'node:crypto'

import { checkResult, inconclusiveResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import { noParams } from '#chaos/checks/lib/params.ts'
import type { Offender } from '#chaos/contracts/check.ts'

import type { MigrationTruth, OrderRow, Truth } from '../truth/truth.ts'
import { defineCheck } from './lib/define-check.ts'

const name = 'migration-complete'
const title = 'every migration is complete'
const ofNewOrders = 'web'

/** What a migration leaves out stays out: the next version of the code relies on the column and on the index. */
export const migrationComplete = defineCheck({
  name,
  measures: 'events',
  description:
    'Every migration has finished: the column has its default and a value in every order, and its index is valid.',
  params: noParams,
  judge({ truth }) {
    const migrations = truth.migrations ?? []
    if (migrations.length === 0)
      return inconclusiveResult(
        name,
        title,
        'No migration began. Deploy a worker with MIGRATION=orders-channel.',
      )
    const offenders = migrations.flatMap((migration) => [
      ...offendersOf(migration),
      ...wrongValues(migration, truth),
    ])
    const [first] = offenders
    return checkResult({
      name,
      title,
      measured: offenders.length,
      limit: 0,
      offenders,
      held: `${formatCount(migrations.length, 'migration')}: column, ${formatCount(truth.orders.length, 'value')} and index are complete.`,
      violated: `${first?.id ?? ''}: ${first?.actual ?? ''}.`,
    })
  },
})

function offendersOf(migration: MigrationTruth): readonly Offender[] {
  const { name: id, column, index, finishedAt, error } = migration
  const offenders: Offender[] = []
  if (finishedAt === null)
    offenders.push({
      id,
      expected: 'the migration finishes',
      actual: error === null ? 'the migration did not finish' : `the migration gave up: ${error}`,
    })
  if (index !== 'valid')
    offenders.push({
      id,
      expected: `a valid index orders_${column} on orders (${column})`,
      actual:
        index === 'none'
          ? `no index orders_${column}`
          : `an index orders_${column} that is not valid`,
    })
  if (!migration.default?.startsWith(`'${ofNewOrders}'`))
    offenders.push({
      id,
      expected: `'${ofNewOrders}' in the column ${column} of new orders`,
      actual: `the default of ${column} is ${migration.default ?? 'absent'}`,
    })
  return offenders
}

/** One offender for all orders with the same problem: a column without values concerns each of them. */
function wrongValues(migration: MigrationTruth, { orders }: Truth): readonly Offender[] {
  const { name: id, column } = migration
  const wrong = orders.filter(
    (order) => !allowedIn(migration, order).includes(migration.channels[order.id] ?? ''),
  )
  const [first] = wrong
  if (first === undefined) return []
  const value = migration.channels[first.id]
  return [
    {
      id,
      expected: `${allowedIn(migration, first).join(' or ')} in the column ${column} of order ${first.id}`,
      actual: `${formatCount(wrong.length, 'order')} without the right ${column}, the first has ${value ?? 'none'}`,
    },
  ]
}

/** Orders that arrive during the migration are either old or new. */
function allowedIn(
  { startedAt, finishedAt }: MigrationTruth,
  { customer, createdAt }: OrderRow,
): readonly string[] {
  const old = channelOf(customer)
  if (createdAt < startedAt) return [old]
  return finishedAt !== null && createdAt > finishedAt ? [ofNewOrders] : [ofNewOrders, old]
}

/** The function channel_of of the database. */
export function channelOf(customer: string): string {
  const [digit = ''] = createHash('md5').update(customer).digest('hex')
  return digit < '8' ? 'app' : 'phone'
}
