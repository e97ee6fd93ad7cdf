import { StartError } from '#services/lib/start/start-error.ts'

/** The migration of a channel column, by its name. */
export interface OrdersChannel {
  /** `orders-channel`, or `orders-channel-2` and so on: the same for another column. */
  readonly name: string
  /** `channel`, `channel_2`. */
  readonly column: string
  /** `orders_channel`, `orders_channel_2`. */
  readonly index: string
}

/** Undefined for `none`. Throws {@link StartError} for any other name that is not a migration. */
export function readMigration(name: string): OrdersChannel | undefined {
  if (name === 'none') return undefined
  const match = /^orders-(channel(?:-[2-9])?)$/.exec(name)
  if (match === null)
    throw new StartError(
      `MIGRATION: "${name}" is not a migration. Use orders-channel, orders-channel-2 to orders-channel-9, or none.`,
    )
  const column = (match[1] ?? '').replace('-', '_')
  return { name, column, index: `orders_${column}` }
}
