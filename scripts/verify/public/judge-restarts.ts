/** One container at one moment. */
export interface ContainerStart {
  readonly id: string
  readonly service: string
  readonly startedAt: string
  /** How many times its restart policy has started it again. A restart by hand does not count. */
  readonly restarts: number
  readonly runs: boolean
}

export interface JudgedRestarts {
  /** Containers that were replaced, removed, or started again by a command. */
  readonly forced: readonly string[]
  /** Services whose process ended by itself, also if their restart policy has started them again. */
  readonly ended: readonly string[]
}

/** Compares the containers of a project at two moments. */
export function judgeRestarts(
  before: readonly ContainerStart[],
  after: readonly ContainerStart[],
): JudgedRestarts {
  const now = new Map(after.map((one) => [one.id, one]))
  const forced: string[] = []
  const ended: string[] = []
  for (const then of before) {
    const one = now.get(then.id)
    if (one === undefined) forced.push(`${then.service} is gone`)
    else if (one.restarts > then.restarts || !one.runs) ended.push(then.service)
    else if (one.startedAt !== then.startedAt) forced.push(`${then.service} was restarted`)
  }
  return { forced, ended }
}
