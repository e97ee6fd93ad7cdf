import { useState } from 'preact/hooks'

import type { CatalogueView } from '../../../../contracts/api.ts'
import { spellOut } from '../../../../report/describe-active-fault.ts'
import { api } from '../../data/api.ts'
import { usePageState } from '../../data/page-state.ts'
import { useAction } from '../../hooks/use-loaded.ts'

type CatalogueFault = CatalogueView['faults'][number]

interface Schema {
  readonly type?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly default?: unknown
  readonly description?: string
  readonly enum?: readonly string[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

const leaseChoicesS = [10, 30, 60, 300]

/** What can be done to one target: choose a fault, set it with sliders, inject it for a while. */
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
  const halted = usePageState((state) => state.sandbox?.halted ?? false)
  const fault = faults.find((item) => item.kind === kind)
  if (fault === undefined) return <p class="empty">Nothing can be done to {target} here.</p>
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
            <option key={item.kind} value={item.kind} disabled={!item.available}>
              {item.kind}
              {item.available ? '' : ' (not here)'}
            </option>
          ))}
        </select>
      </label>
      <p class="small muted">{fault.description}</p>
      {Object.entries(schema.properties ?? {}).map(([name, field]) => (
        <Field
          key={`${kind}.${name}`}
          name={name}
          schema={field}
          value={params[name]}
          required={schema.required?.includes(name) ?? false}
          onChange={(value) => setValues({ ...values, [name]: value })}
        />
      ))}
      <label>
        For at most
        <select
          value={String(leaseS)}
          onChange={(event) => setLeaseS(Number(event.currentTarget.value))}
        >
          {leaseChoicesS.map((seconds) => (
            <option key={seconds} value={String(seconds)}>
              {seconds < 60 ? `${seconds} seconds` : `${seconds / 60} min`}
            </option>
          ))}
        </select>
      </label>
      <button class="fault" disabled={busy || halted} data-testid="inject">
        {halted ? 'Halted: lift it first' : `Inject ${kind}`}
      </button>
      {error !== null && (
        <p class="error small" role="alert">
          {error}
        </p>
      )}
      {fault.here !== '' && <p class="small muted">How: {fault.here}</p>}
    </form>
  )
}

function Field(props: {
  readonly name: string
  readonly schema: Schema
  readonly value: unknown
  readonly required: boolean
  readonly onChange: (value: unknown) => void
}) {
  const { name, schema, value, onChange } = props
  const choices =
    schema.enum ??
    schema.anyOf?.flatMap((item) => (typeof item.const === 'string' ? [item.const] : []))
  const unit = unitOf(name)
  const title = spellOut(name.slice(0, name.length - unit.suffix.length))
  if (choices !== undefined && choices.length > 0)
    return (
      <label>
        {title}
        <select
          value={asText(value)}
          onChange={(event) =>
            onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)
          }
        >
          {!props.required && <option value="">as usual</option>}
          {choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      </label>
    )
  if (schema.type === 'boolean')
    return (
      <label class="row">
        <input
          type="checkbox"
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        {title}
      </label>
    )
  if (schema.type === 'number' || schema.type === 'integer') {
    const range = rangeOf(name, schema)
    return (
      <label>
        <span>
          {title}{' '}
          <span class="value">
            {value === undefined ? 'as usual' : `${asText(value)}${unit.text}`}
          </span>
        </span>
        <input
          type="range"
          {...range}
          value={Number(value ?? range.min)}
          onInput={(event) => onChange(Number(event.currentTarget.value))}
        />
      </label>
    )
  }
  return (
    <label title={schema.description}>
      {title}
      <input
        type="text"
        value={asText(value)}
        placeholder={exampleIn(schema.description ?? '')}
        onInput={(event) =>
          onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)
        }
      />
    </label>
  )
}

function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** `latencyMs` is a latency of so many ms. */
function unitOf(name: string): { readonly suffix: string; readonly text: string } {
  return name.endsWith('Ms') ? { suffix: 'Ms', text: ' ms' } : { suffix: '', text: '' }
}

/** Sliders need ends: the schema's where they are useful for a hand, else what a person would try. */
function rangeOf(name: string, schema: Schema): { min: number; max: number; step: number } {
  const min = schema.minimum ?? 0
  const wide = schema.maximum === undefined || schema.maximum > 100_000
  if (schema.maximum !== undefined && schema.maximum <= 1)
    return { min, max: schema.maximum, step: 0.01 }
  if (name.endsWith('Ms')) return { min, max: Math.min(schema.maximum ?? 5_000, 5_000), step: 10 }
  return {
    min,
    max: wide ? 100_000 : (schema.maximum ?? 100_000),
    step: schema.type === 'integer' ? 1 : 0.1,
  }
}

function defaultsOf(schema: ObjectSchema): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
      if (field.default !== undefined) return [[name, field.default]]
      if (!(schema.required?.includes(name) ?? false)) return []
      if (field.type === 'number' || field.type === 'integer')
        return [[name, name === 'latencyMs' ? 500 : Math.max(field.minimum ?? 0, 1)]]
      const first = field.enum?.[0] ?? field.anyOf?.[0]?.const
      return first === undefined ? [] : [[name, first]]
    }),
  )
}

/** `Starts again after this. Such as 250ms, 1.5s, 2m.`: what fits into a field is the example. */
function exampleIn(description: string): string {
  const example = /such as (.+?)\.?$/i.exec(description)?.[1]
  return example === undefined ? description : `such as ${example}`
}
