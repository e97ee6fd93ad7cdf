import { readFileSync } from 'node:fs'

import { InputError } from '#chaos/lib/errors.ts'

import type { HostConfig } from '../config.ts'

export interface StoreUser {
  readonly uid: number
  readonly gid: number
}

/**
 * Who the stores run as: undefined is we ourselves. Postgres refuses to be root, so root hands them to a user who may
 * nothing. It must be one that has a name: initdb asks for it.
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
    'Postgres does not run as root, and /etc/passwd knows neither nobody nor daemon.',
    {
      remedy: 'Start it as an ordinary user.',
    },
  )
}
