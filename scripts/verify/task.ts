/** Something that takes long and is worth repeating: it must come out the same every time. */
export interface Task {
  /** Unique and readable: `labs/dual-write/start`. Its first part is its group. */
  readonly name: string
  /** What must come out, for the table. */
  readonly expected: string
  /** How often, when the user does not say; else verify's own default. */
  readonly times?: number
  /** True: one of several may run at the same moment (`--jobs`). */
  readonly sideBySide?: boolean
  /** Of everything that decides how it comes out: what passed with the same hash need not be run again. */
  hash(options: TaskOptions): Promise<string>
  run(context: TaskContext): Promise<TaskResult>
}

/** What the user may say about a task. */
export interface TaskOptions {
  /** Of a soak: how long, when not its own default. */
  readonly minutes?: number
}

export interface TaskContext extends TaskOptions {
  readonly signal: AbortSignal
  /** Counts from 0. */
  readonly round: number
  /** Shared by tasks: made by the first that asks for it, disposed of at the end. */
  readonly shared: Shared
}

export interface TaskResult {
  readonly ok: boolean
  /** One line: what came out, or what is wrong. */
  readonly detail: string
}

/** Things that are expensive to make, by name. */
export interface Shared {
  get<T extends AsyncDisposable>(name: string, make: () => Promise<T>): Promise<T>
  /** Takes one down, so that the next who asks gets a new one. */
  drop(name: string): Promise<void>
}
