/** Connections that Postgres keeps free for operators. */
export const reservedConnections = 10

/**
 * The user of this project's own connections. It has the rights of the services' user, and Postgres keeps slots free for
 * it: a fault that takes all other slots can be healed, and the truth can be read meanwhile.
 */
export function operatorOf(name: string): string {
  return `${name}_operator`
}

/** Connection string of a Postgres. `name` is the name of user, password and database. */
export function databaseUrl(address: string, name: string, user = name): string {
  return `postgres://${user}:${name}@${address}/${name}`
}
