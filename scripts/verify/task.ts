/** A long check. It runs several times and must have the expected result each time. */
export interface Task {
  /** Unique, for example `labs/dual-write/start`. The first part is the group. */
  readonly name: string
  /** The expected result, for the table. */
  readonly expected: string
  /** An option that it needs and that is absent: it does not run, and has not passed. */
  readonly needs?: string
  /** How often it runs without `--times`, if not the default of verify. */
  readonly times?: number
  /** True: several such tasks can run at the same time (`--jobs`). */
  readonly sideBySide?: boolean
  /** A hash of everything that affects the result. Rounds with the same hash do not run again. */
  hash(options: TaskOptions): Promise<string>
  run(context: TaskContext): Promise<TaskResult>
}

/** What the user can set for a task. */
export interface TaskOptions {
  /** The length of a soak, if not its default. */
  readonly minutes?: number
  /** The seed of a soak's random faults. Absent: a new one. */
  readonly seed?: number
}

export interface TaskContext extends TaskOptions {
  readonly signal: AbortSignal
  /** Counts from 0. */
  readonly round: number
  readonly shared: SharedResources
}

export interface TaskResult {
  readonly ok: boolean
  /** One line: the result, or what is wrong. */
  readonly detail: string
}

/** Resources that take long to create, such as a sandbox. Tasks share them by name. */
export interface SharedResources {
  /** The resource with this name. The first call creates it. */
  get<T extends AsyncDisposable>(name: string, make: () => Promise<T>): Promise<T>
  /** Disposes of one. The next `get` creates it again. */
  drop(name: string): Promise<void>
}
