import type { Cell, FlowStep, Matrix } from '../matrix.ts'

const cellsShown = 3

/**
 * Processes of a user's system that ended without being killed: one line each. The shop's own are started again by its supervisor.
 */
export function endedLines({ cells, steps, learned }: Matrix): string[] {
  if (learned === undefined) return []
  const byId = new Map(steps.map((step) => [step.id, step]))
  const found = new Map<string, string[]>()
  for (const cell of cells)
    for (const name of endedIn(cell, byId.get(cell.step)))
      found.set(name, [...(found.get(name) ?? []), cell.id])
  return [...found].map(([name, ids]) => {
    const more = ids.length > cellsShown ? ` and ${ids.length - cellsShown} more` : ''
    return `${name} ended by itself in ${ids.slice(0, cellsShown).join(', ')}${more}: it does not survive a lost connection. Handle its error, or let something start it again`
  })
}

function endedIn({ column, restarts = [] }: Cell, step: FlowStep | undefined): readonly string[] {
  const killed = column.startsWith('caller-dies')
    ? step?.caller
    : column.startsWith('callee-dies')
      ? step?.callee
      : undefined
  return restarts.filter((name) => killed === undefined || !isOf(name, killed))
}

/** `worker-2` is an instance of `worker`. */
function isOf(instance: string, service: string): boolean {
  return instance === service || new RegExp(`^${RegExp.escape(service)}-\\d+$`).test(instance)
}
