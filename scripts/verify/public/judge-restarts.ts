/** One container at one moment. */
export interface ContainerStart {
  readonly id: string
  readonly service: string
  readonly startedAt: string
  readonly runs: boolean
}

export interface JudgedRestarts {
  /** Containers that were replaced, removed, stopped or killed. */
  readonly forced: readonly string[]
  /** Services whose process ended by itself, even if it was started again. */
  readonly ended: readonly string[]
}

/**
 * Ids of the containers that received a signal while they ran. `events`: `kill ID` or `die ID`, in their sequence. The engine also
 * reports a signal when it stops a container whose process has ended and that waits for its next start.
 */
export function killedFirst(events: readonly string[]): ReadonlySet<string> {
  const first = new Map<string, string>()
  for (const event of events) {
    const [action = '', id = ''] = event.split(' ')
    if (!first.has(id)) first.set(id, action)
  }
  return new Set([...first].filter(([, action]) => action === 'kill').map(([id]) => id))
}

/** Compares the containers of a project at two moments. `killed`: ids of those that received a signal in between. */
export function judgeRestarts(
  before: readonly ContainerStart[],
  after: readonly ContainerStart[],
  killed: ReadonlySet<string>,
): JudgedRestarts {
  const now = new Map(after.map((one) => [one.id, one]))
  const forced: string[] = []
  const ended: string[] = []
  for (const { id, service, startedAt } of before) {
    const one = now.get(id)
    if (one === undefined) forced.push(`${service} is gone`)
    else if (killed.has(id)) forced.push(`${service} was killed`)
    else if (one.startedAt !== startedAt || !one.runs) ended.push(service)
  }
  return { forced, ended }
}
