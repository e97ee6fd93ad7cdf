import type { StoreKind } from '#chaos/contracts/topology.ts'

/** What a container was configured with. */
export interface StoreConfig {
  readonly Env: readonly string[]
  readonly Cmd?: readonly string[] | null
}

/**
 * The connection string of a store, with the user, password and database that its container was given: the variables of the
 * official images, and `--requirepass`. A password in a file is not read: then the string has none.
 */
export function storeUrlOf(
  kind: StoreKind,
  address: string,
  { Env: environment, Cmd: command }: StoreConfig,
): string {
  const variable = (...names: readonly string[]): string | undefined => {
    for (const name of names) {
      const entry = environment.find((one) => one.startsWith(`${name}=`))
      if (entry !== undefined) return entry.slice(name.length + 1)
    }
    return undefined
  }
  if (kind === 'redis') {
    const words = (command ?? []).flatMap((word) => word.split(/\s+/))
    const at = words.indexOf('--requirepass')
    const password =
      (at === -1 ? undefined : words[at + 1]?.replaceAll(/^["']|["']$/g, '')) ??
      variable('REDIS_PASSWORD', 'VALKEY_PASSWORD')
    const user = password === undefined ? '' : `:${encodeURIComponent(password)}@`
    return `redis://${user}${address}`
  }
  const user = variable('POSTGRES_USER', 'POSTGRESQL_USERNAME') ?? 'postgres'
  const password = variable('POSTGRES_PASSWORD', 'POSTGRESQL_PASSWORD')
  const database = variable('POSTGRES_DB', 'POSTGRESQL_DATABASE') ?? user
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`
  return `postgres://${encodeURIComponent(user)}${secret}@${address}/${encodeURIComponent(database)}`
}
