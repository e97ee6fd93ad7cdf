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
  /** Services whose process ended by itself, whoever started it again. */
  readonly ended: readonly string[]
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
