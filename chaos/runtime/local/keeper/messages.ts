/** What controller and keeper say to each other over their IPC channel. Everything is JSON. */

/** A process that the keeper starts and owns until it is gone. */
export interface SpawnRequest {
  /** Unique among what runs: an instance, a store, `links`. */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly cwd: string
  readonly uid?: number
  readonly gid?: number
  /** Standard output and error are appended here. */
  readonly logFile: string
  /** A folder in which only this instance works: its processes are found by it when their parents are dead. */
  readonly ownFolder?: string
}

/** A helper that runs to its end, such as initdb. */
export interface HelperRequest {
  readonly command: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly cwd: string
  readonly uid?: number
  readonly gid?: number
  readonly input?: string
  readonly timeoutMs: number
}

export interface HelperResult {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

/** A slot that may be taken, and the ports that must be free for it. */
export interface SlotCandidate {
  readonly slot: number
  /** Held by the keeper as long as the sandbox lives: who holds it has the slot. */
  readonly claimPort: number
  readonly ports: readonly number[]
  /** Written by the controller; the keeper removes it at the end. */
  readonly sandboxFile?: string
}

export interface OpenRequest {
  /** In order of preference. */
  readonly candidates: readonly SlotCandidate[]
  /** Where sandboxes have their folders. */
  readonly sandboxesFolder: string
}

export interface OpenResult {
  readonly slot: number
  readonly folder: string
  readonly keeperPid: number
}

/** Nobody could be taken: for each candidate the port that was not free. */
export interface NoSlot {
  readonly taken: readonly { readonly slot: number; readonly port: number }[]
}

export interface KeeperRequests {
  open: { order: OpenRequest; result: OpenResult | NoSlot }
  run: { order: HelperRequest; result: HelperResult }
  spawn: { order: SpawnRequest; result: { readonly pid: number } }
  /** A signal to the root of the tree, then SIGKILL to all of it when the grace is over. */
  stop: { order: { name: string; signal: NodeJS.Signals; graceMs: number }; result: null }
  kill: { order: { name: string }; result: null }
  pause: { order: { name: string; leaseMs: number }; result: null }
  resume: { order: { name: string }; result: null }
  /** Kills everything, removes the folder; the keeper then exits. */
  end: { order: Record<string, never>; result: null }
}

export type KeeperRequestName = keyof KeeperRequests

export interface KeeperRequest {
  readonly id: number
  readonly name: KeeperRequestName
  readonly order: unknown
}

export type KeeperReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string }

/** What the keeper tells without being asked. */
export type KeeperReport =
  | {
      readonly report: 'exited'
      readonly name: string
      readonly pid: number
      readonly code: number | null
      readonly signal: string | null
    }
  | { readonly report: 'lease-ended'; readonly name: string }

/** Every process of a sandbox carries its folder in this variable. */
export const sandboxVariable = 'UNHAPPY_SANDBOX'
/** Every process of an instance carries its name and its sandbox's folder in this variable. */
export const instanceVariable = 'UNHAPPY_INSTANCE'
