import { useState } from 'preact/hooks'

import { spellOut } from '../../../../report/describe-active-fault.ts'

/** The part of JSON Schema that the parameters of faults use. */
export interface FieldSchema {
  readonly type?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly default?: unknown
  readonly description?: string
  readonly enum?: readonly string[]
  readonly const?: unknown
  readonly anyOf?: readonly FieldSchema[]
}

interface FaultFieldProps {
  readonly name: string
  readonly schema: FieldSchema
  readonly value: unknown
  readonly required: boolean
  /** Undefined: the parameter is not sent, so its default applies. */
  readonly onChange: (value: unknown) => void
}

/** The input for one parameter of a fault: a list, a checkbox, a slider, a text field, or names with values. */
export function FaultField(props: FaultFieldProps) {
  const { name, schema, value, onChange } = props
  const unit = unitOf(name)
  const title = spellOut(name.slice(0, name.length - unit.suffix.length))
  const choices = choicesOf(schema)
  if (choices.length > 0) return <ChoiceField {...props} title={title} choices={choices} />
  if (schema.type === 'boolean')
    return (
      <label class="row" title={schema.description}>
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
      <label title={schema.description}>
        <span>
          {title}{' '}
          <span class="value">
            {value === undefined ? 'default' : `${asText(value)}${unit.text}`}
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
  if (schema.type === 'object') return <PairsField {...props} title={title} />
  return (
    <label title={schema.description}>
      {title}
      <input
        type="text"
        value={asText(value)}
        placeholder={exampleIn(schema.description ?? '')}
        onInput={(event) => onChange(textOrUndefined(event.currentTarget.value))}
      />
    </label>
  )
}

/** `retry-after=1, etag=`. Only complete pairs are sent, so the field keeps the text. */
function PairsField({
  schema,
  value,
  onChange,
  title,
}: FaultFieldProps & { readonly title: string }) {
  const [text, setText] = useState(() =>
    Object.entries(value ?? {})
      .map(([name, each]) => `${name}=${String(each)}`)
      .join(', '),
  )
  return (
    <label title={schema.description}>
      {title}
      <input
        type="text"
        value={text}
        placeholder="name=value, other=value"
        onInput={(event) => {
          setText(event.currentTarget.value)
          onChange(pairsIn(event.currentTarget.value))
        }}
      />
    </label>
  )
}

function pairsIn(text: string): Readonly<Record<string, string>> | undefined {
  const pairs = text.split(',').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=')
    return at > 0 ? [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()]] : []
  })
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs)
}

function ChoiceField({
  schema,
  value,
  required,
  onChange,
  title,
  choices,
}: FaultFieldProps & { readonly title: string; readonly choices: readonly string[] }) {
  return (
    <label title={schema.description}>
      {title}
      <select
        value={asText(value)}
        onChange={(event) => onChange(textOrUndefined(event.currentTarget.value))}
      >
        {!required && <option value="">default</option>}
        {choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    </label>
  )
}

/** The allowed values of a parameter; empty when it has no fixed set. */
export function choicesOf(schema: FieldSchema): readonly string[] {
  if (schema.enum !== undefined) return schema.enum
  const constants = (schema.anyOf ?? []).map((item) => item.const)
  return constants.filter((value) => typeof value === 'string')
}

function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function textOrUndefined(text: string): string | undefined {
  return text === '' ? undefined : text
}

/** `latencyMs` is shown as `latency` with the unit ms. */
function unitOf(name: string): { readonly suffix: string; readonly text: string } {
  return name.endsWith('Ms') ? { suffix: 'Ms', text: ' ms' } : { suffix: '', text: '' }
}

/** The ends and the step of a slider: from the schema, but narrow enough to set with the mouse. */
function rangeOf(name: string, schema: FieldSchema): { min: number; max: number; step: number } {
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

/** The example at the end of a description: `such as 250ms, 1.5s, 2m`. Without an example, the description. */
function exampleIn(description: string): string {
  const example = /(?:such as|for example) (.+?)\.?$/i.exec(description)?.[1]
  return example === undefined ? description : `for example ${example}`
}
