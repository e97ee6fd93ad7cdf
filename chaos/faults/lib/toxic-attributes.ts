import type { Toxic } from '#chaos/contracts/links.ts'

import type { LinkDirection } from './parameters.ts'

type Value = Toxic['attributes'][string]

interface AttributeRule {
  /** The data plane's name; for some toxics it is Toxiproxy's. */
  readonly attribute: string
  /** From the parameter's unit to the attribute's. */
  readonly convert?: (value: number) => number
}

/**
 * The one table of parameters whose attribute has another name or unit. `<toxic>.<parameter>` is for one toxic only. All
 * other parameters keep their name, written in snake case: `afterBytes` is `after_bytes`.
 */
export const attributeRules: Readonly<Record<string, AttributeRule>> = {
  latencyMs: { attribute: 'latency' },
  jitterMs: { attribute: 'jitter' },
  delayMs: { attribute: 'delay' },
  delayMicroseconds: { attribute: 'delay' },
  afterMs: { attribute: 'timeout' },
  closeAfterMs: { attribute: 'timeout' },
  idleMs: { attribute: 'timeout' },
  waitMs: { attribute: 'wait' },
  noticeMs: { attribute: 'notice' },
  averageBytes: { attribute: 'average_size' },
  variationBytes: { attribute: 'size_variation' },
  // The toxic counts in kB of 1000 bytes.
  rateBytesPerSecond: { attribute: 'rate', convert: (bytes) => Math.round(bytes / 1_000) },
  'packet_loss.probability': { attribute: 'loss_rate' },
}

/** The streams of the data plane on which a fault in this direction puts a toxic. */
export const streamsOfDirection: Readonly<Record<LinkDirection, readonly Toxic['stream'][]>> = {
  both: ['upstream', 'downstream'],
  requests: ['upstream'],
  replies: ['downstream'],
}

/** What a fault's parameters say to the data plane. Parameters that are absent leave the toxic its defaults. */
export interface ToxicSettings {
  readonly attributes: Toxic['attributes']
  /** The parameter `share`: Toxiproxy's name for the share of connections. */
  readonly toxicity?: number
  /** The parameter `direction`. */
  readonly direction?: LinkDirection
}

/** Turns the parameters of a fault into the settings of a toxic of this type. */
export function toxicSettings(type: string, params: object): ToxicSettings {
  const { share, direction, ...rest } = params as Readonly<Record<string, unknown>>
  const attributes = Object.entries(rest)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => attributeOf(type, name, value as Value))
  return {
    attributes: Object.fromEntries(attributes),
    ...(share === undefined ? {} : { toxicity: share as number }),
    ...(direction === undefined ? {} : { direction: direction as LinkDirection }),
  }
}

function attributeOf(type: string, parameter: string, value: Value): [string, Value] {
  const rule = attributeRules[`${type}.${parameter}`] ?? attributeRules[parameter]
  if (rule === undefined) return [snakeCase(parameter), value]
  return [rule.attribute, rule.convert === undefined ? value : rule.convert(value as number)]
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
