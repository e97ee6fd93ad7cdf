/** One container per seat. An implementation knows the containers of one workshop, and touches no other one. */
export interface SeatEngine {
  /** The seats that have a container now, also those of an earlier process. */
  list(): Promise<ReadonlyMap<number, SeatContainer>>
  /** Creates the container and starts it. Replaces one that has ended, or has other settings. */
  start(spec: SeatSpec): Promise<void>
  /** Stops all processes of the seat, and keeps them in memory. */
  freeze(seat: number): Promise<void>
  thaw(seat: number): Promise<void>
  /** A seat that checks receives more of the processor than seats that do not. */
  favour(seat: number, isChecking: boolean): Promise<void>
  /** Memory of its processes, bytes. Null: it does not run. */
  memory(seat: number): Promise<number | null>
  /** What its processes have printed last, one line each. Empty: there is no container. */
  lastLines(seat: number): Promise<readonly string[]>
  /** Ends the container. Its folder stays. Ends without an error if there is none. */
  remove(seat: number): Promise<void>
}

export interface SeatContainer {
  readonly state: 'running' | 'frozen' | 'ended'
  /** It was made with the settings that this process would use. */
  readonly isCurrent: boolean
}

export interface SeatSpec {
  readonly seat: number
  /** Of the API in the seat. */
  readonly token: string
  readonly folders: SeatFolders
}

/** Absolute paths on the host's machine. */
export interface SeatFolders {
  /** The seat may write it: the work of the learner, the runs, and the socket of its API. */
  readonly state: string
  /** The seat may read it. It contains the socket on which the host listens. */
  readonly host: string
}

/** In {@link SeatFolders}: the API of the seat, and the host for the seat. */
export const socketName = 'http.sock'
/** The folders as a seat sees them. */
export const folderInSeat: SeatFolders = { state: '/app/state', host: '/run/unhappy-host' }
