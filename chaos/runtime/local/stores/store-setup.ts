import type { HostConfig } from '../config.ts'
import type { Keeper } from '../keeper/start-keeper.ts'
import type { StoreUser } from './store-user.ts'

/** What the preparation of a store needs. */
export interface StoreSetup {
  readonly keeper: Keeper
  readonly host: HostConfig
  readonly cacheFolder: string
  /** Inside the sandbox's folder: unfinished files are removed with it. */
  readonly stagingFolder: string
  /** The user of the stores; undefined: the current user. */
  readonly user: StoreUser | undefined
  /** Name of the database, of its user, and the user's password. */
  readonly databaseName: string
  readonly progress: (line: string) => void
}
