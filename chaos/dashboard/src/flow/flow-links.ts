import type { FlowList } from '../../../contracts/flow-record.ts'
import type { Operation } from '../../../contracts/history.ts'

/** The address of the diagram of a flow. */
export function flowHref(run: string, id: string): string {
  return `#/flows/${encodeURIComponent(run)}/${encodeURIComponent(id)}`
}

/** Finds the flow that a check, a story or an operation names: by the client's key, an id of the system, or a number. */
export function flowFinder(
  list: FlowList | null,
  operations: readonly Operation[],
): (name: string) => string | undefined {
  const ids = new Map<string, string>()
  for (const { id, key, orderId } of operations) {
    if (key === undefined) continue
    ids.set(String(id), key)
    if (orderId !== undefined) ids.set(orderId, key)
  }
  const recorded = new Set(list?.flows.map(({ id }) => id))
  for (const { id, names } of list?.flows ?? []) {
    for (const name of names) ids.set(name, id)
    ids.set(id, id)
  }
  return (name) => {
    // `operation 14`, `order 3f1c…`: the last word is the id.
    const id = ids.get(name) ?? ids.get(name.split(' ').at(-1) ?? '')
    return id !== undefined && recorded.has(id) ? id : undefined
  }
}
