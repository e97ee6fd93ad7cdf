import type { HostConfig } from '../config.ts'
import type { Keeper } from '../keeper/start-keeper.ts'
import type { Progress } from '../progress.ts'
import type { StoreUser } from './store-user.ts'

/** What it takes to get a store's program and data into place. */
export interface StoreSetup {
  readonly keeper: Keeper
  readonly host: HostConfig
  readonly cacheFolder: string
  /** Inside the sandbox's folder: what is half done there goes away with it. */
  readonly stagingFolder: string
  /** Who the stores run as, when not as we. */
  readonly user: StoreUser | undefined
  readonly progress: Progress
}
