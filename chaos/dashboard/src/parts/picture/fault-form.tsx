import { useState } from 'preact/hooks'

import type { CatalogueView } from '../../../../contracts/api.ts'
import { api } from '../../data/api.ts'
import { usePageFacts } from '../../health/use-page-facts.ts'
import { useAction } from '../../hooks/use-action.ts'
import { choicesOf, FaultField, type FieldSchema } from './fault-field.tsx'
import { LeaseField } from './lease-field.tsx'

type CatalogueFault = CatalogueView['faults'][number]

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, FieldSchema>>
  readonly required?: readonly string[]
}

/** Injects a fault into one target: its kind, its parameters and its lease. */
export function FaultForm({
  target,
  faults,
}: {
  readonly target: string
  readonly faults: readonly CatalogueFault[]
}) {
  const [kind, setKind] = useState(faults.find((fault) => fault.available)?.kind ?? '')
  const [values, setValues] = useState<Record<string, unknown>>({})
  const [leaseS, setLeaseS] = useState(30)
  const { busy, error, run } = useAction()
  const blocked = usePageFacts((facts) => facts.faultsBlocked)
  const fault = faults.find((item) => item.kind === kind)
  if (fault === undefined) return <p class="empty">This runtime has no fault for {target}.</p>
  const schema = fault.params as ObjectSchema
  const params = { ...defaultsOf(schema), ...values }
  const inject = (event: Event): void => {
    event.preventDefault()
    run(() => api.inject({ kind, target, params, leaseMs: leaseS * 1_000 }))
  }
  return (
    <form class="form" onSubmit={inject}>
      <label>
        Fault
        <select
          value={kind}
          onChange={(event) => {
            setKind(event.currentTarget.value)
            setValues({})
          }}
        >
          {faults.map((item) => (
            <option key={item.kind} value={item.kind}>
              {item.kind}
              {item.available ? '' : ' (not available)'}
            </option>
          ))}
        </select>
      </label>
      <p class="small muted">{fault.description}</p>
      {Object.entries(schema.properties ?? {}).map(([name, field]) => (
        <FaultField
          key={`${kind}.${name}`}
          name={name}
          schema={field}
          value={params[name]}
          required={schema.required?.includes(name) ?? false}
          onChange={(value) => setValues({ ...values, [name]: value })}
        />
      ))}
      <LeaseField seconds={leaseS} onChange={setLeaseS} />
      <button
        class="fault"
        disabled={busy || blocked !== null || !fault.available}
        data-testid="inject"
      >
        {blocked ?? (fault.available ? `Inject ${kind}` : `This runtime cannot inject ${kind}`)}
      </button>
      {error !== null && (
        <p class="error small" role="alert">
          {error}
        </p>
      )}
      {fault.here !== '' && <p class="small muted">In this runtime: {fault.here}</p>}
    </form>
  )
}

/** The values with which the form opens: the schema's defaults, and one for each required parameter. */
function defaultsOf(schema: ObjectSchema): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
      if (field.default !== undefined) return [[name, field.default]]
      if (!(schema.required?.includes(name) ?? false)) return []
      if (field.type === 'number' || field.type === 'integer')
        return [[name, name === 'latencyMs' ? 500 : Math.max(field.minimum ?? 0, 1)]]
      const [first] = choicesOf(field)
      return first === undefined ? [] : [[name, first]]
    }),
  )
}
