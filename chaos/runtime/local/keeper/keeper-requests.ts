/** Messages between controller and keeper over their IPC channel, as JSON. */

/** A process that the keeper starts and owns until it is gone. */
export interface SpawnRequest {
  /** Unique among running processes: an instance, a store, `links`. */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly cwd: string
  readonly uid?: number
  readonly gid?: number
  /** Standard output and error are appended to this file. */
  readonly logFile: string
  /** A folder that only this instance uses: it identifies processes whose parents are dead. */
  readonly ownFolder?: string
}

/** A program that runs to its end, such as initdb. */
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

export interface SendLaterRequest {
  /** For `cancelSend`. */
  readonly id: string
  readonly port: number
  readonly line: string
  readonly leaseMs: number
}

/** A slot to try, and the ports that must be free for it. */
export interface SlotCandidate {
  readonly slot: number
  /** The keeper listens on it while the sandbox runs. A process that has this port has the slot. */
  readonly claimPort: number
  readonly ports: readonly number[]
  /** Written by the controller; the keeper removes it at the end. */
  readonly sandboxFile?: string
}

export interface OpenRequest {
  /** In order of preference. */
  readonly candidates: readonly SlotCandidate[]
  /** Contains the folders of all sandboxes. */
  readonly sandboxesFolder: string
}

export interface OpenResult {
  readonly slot: number
  readonly folder: string
  readonly keeperPid: number
}

/** No candidate was free: for each, the port that was taken. */
export interface NoSlot {
  readonly taken: readonly { readonly slot: number; readonly port: number }[]
}

export interface KeeperRequests {
  open: { request: OpenRequest; result: OpenResult | NoSlot }
  run: { request: HelperRequest; result: HelperResult }
  spawn: { request: SpawnRequest; result: { readonly pid: number } }
  /**
   * Sends the signal to the root of the tree; when the grace period ends, SIGKILL to the whole
   * tree.
   */
  stop: { request: { name: string; signal: NodeJS.Signals; graceMs: number }; result: null }
  kill: { request: { name: string }; result: null }
  pause: { request: { name: string; leaseMs: number }; result: null }
  resume: { request: { name: string }; result: null }
  /** Sends the line to the port of this machine when the lease ends, unless `cancelSend` comes first. */
  sendLater: { request: SendLaterRequest; result: null }
  cancelSend: { request: { id: string }; result: null }
  /** Kills everything and removes the folder; then the keeper exits. */
  end: { request: Record<string, never>; result: null }
}

export type KeeperRequestName = keyof KeeperRequests

export interface KeeperRequest {
  readonly id: number
  readonly name: KeeperRequestName
  readonly body: unknown
}

export type KeeperReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string }

/** What the keeper sends without a request. */
export type KeeperReport =
  | {
      readonly report: 'exited'
      readonly name: string
      readonly pid: number
      readonly code: number | null
      readonly signal: string | null
    }
  | { readonly report: 'lease-ended'; readonly name: string }

/** Variable with the sandbox's folder, in the environment of each of its processes. */
export const sandboxVariable = 'UNHAPPY_SANDBOX'
/** Variable with the instance's name and the sandbox's folder, in the environment of each process of the instance. */
export const instanceVariable = 'UNHAPPY_INSTANCE'
