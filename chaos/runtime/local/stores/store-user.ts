import { readFileSync } from 'node:fs'

import { InputError } from '#chaos/lib/errors.ts'

import type { HostConfig } from '../config.ts'

export interface StoreUser {
  readonly uid: number
  readonly gid: number
}

/**
 * The user that runs the stores; undefined: the current user. Postgres refuses to run as root, so
 * root starts the stores as a user without rights. The user must have a name, because initdb needs
 * it. Throws {@link InputError} when there is none.
 */
export function storeUser(host: HostConfig): StoreUser | undefined {
  if (host.uid !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  for (const name of ['nobody', 'daemon']) {
    const user = users.find((fields) => fields[0] === name)
    if (user !== undefined) return { uid: Number(user[2]), gid: Number(user[3]) }
  }
  throw new InputError(
    'Postgres does not run as root, and /etc/passwd has neither the user `nobody` nor `daemon`.',
    {
      remedy: 'Start the sandbox as a normal user.',
    },
  )
}
