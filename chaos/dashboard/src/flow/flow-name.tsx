import { flowHref } from './flow-links.ts'

/** The flows of a run, to link to their diagrams. */
export interface FlowLinks {
  readonly run: string
  /** The id of the flow that a check or a story names; undefined: it is not a recorded flow. */
  readonly find: (name: string) => string | undefined
}

/** A name, as a link to the diagram if it names a recorded flow. */
export function FlowName(props: { readonly name: string; readonly flows: FlowLinks | undefined }) {
  const { name, flows } = props
  const id = flows?.find(name)
  if (flows === undefined || id === undefined) return <>{name}</>
  return (
    <a href={flowHref(flows.run, id)} title="Open as a space-time diagram" data-testid="flow-link">
      {name}
    </a>
  )
}
