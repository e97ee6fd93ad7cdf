import type { FaultStep } from '#chaos/contracts/scenario.ts'
import type { Topology } from '#chaos/contracts/topology.ts'
import type { AnyFault } from '#chaos/faults/index.ts'
import { routeParameters } from '#chaos/faults/lib/http-parameters.ts'
import { durationPattern } from '#chaos/lib/duration.ts'
import type { Random } from '#chaos/lib/random.ts'

/** The part of a parameter's JSON Schema from which a value is made. */
interface ParameterSchema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
}

/** How often a parameter is given that the example leaves out. */
const extraShare = 0.25
/** How often a fault on an instance may also hit a store. */
const storeShare = 0.5
const durationMs = { min: 200, max: 2_500 }
/** Only a run of a lab has two versions of code, between which `deploy` can choose. */
const onlyInLabs: ReadonlySet<string> = new Set(['code'])
/** The largest value above the minimum where neither the example nor the schema says what is usual. */
const spanMax = 500

/** The fault with random parameters on a random target. The parameters are those of its example, varied within its schema. */
export function randomFault(fault: AnyFault, topology: Topology, random: Random): FaultStep {
  const { kind, params, example } = fault
  return {
    kind,
    target: random.pick(drawnFrom(fault, topology, random)),
    params: randomParams(params.properties, example.params, random),
  }
}

/** Every target on which the fault makes sense. */
export function targetsOf(fault: AnyFault, topology: Topology): readonly string[] {
  const stores = fault.stores ?? topology.stores.map(({ name }) => name)
  switch (fault.target) {
    case 'link':
      return topology.links
        .filter(({ protocol }) => protocol === 'http' || !choosesRequests(fault))
        .map(({ name }) => name)
    case 'instance':
      return [
        ...topology.instances.map(({ name }) => name),
        ...(fault.servicesOnly === true ? [] : stores),
      ]
    case 'store':
      return stores
  }
}

/** The targets without the stores, most of the time: a fault on an instance is rarely one on a store. */
function drawnFrom(fault: AnyFault, topology: Topology, random: Random): readonly string[] {
  const all = targetsOf(fault, topology)
  if (fault.target !== 'instance' || random.next() < storeShare) return all
  return topology.instances.map(({ name }) => name)
}

/** Whether the fault chooses HTTP requests, so it needs a link with HTTP. */
function choosesRequests({ params }: AnyFault): boolean {
  return Object.keys(routeParameters).some((name) => Object.hasOwn(params.properties, name))
}

function randomParams(
  schemas: Readonly<Record<string, ParameterSchema>>,
  example: Readonly<Record<string, unknown>>,
  random: Random,
): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(schemas)) {
    const isShown = Object.hasOwn(example, name)
    if (onlyInLabs.has(name)) continue
    if (!isShown && random.next() >= extraShare) continue
    const value = randomValue(schema, example[name], random)
    if (value !== undefined) values[name] = value
  }
  return values
}

/** Undefined: only the fault's author knows a valid value, and the example has none. */
function randomValue(schema: ParameterSchema, shown: unknown, random: Random): unknown {
  if (schema.enum !== undefined) return random.pick(schema.enum)
  switch (schema.type) {
    case 'boolean':
      return random.next() < 0.5
    case 'integer':
      return Math.round(randomNumber(schema, shown, random))
    case 'number':
      return randomNumber(schema, shown, random)
    case 'string':
      return schema.pattern === durationPattern
        ? `${random.integer(durationMs.min, durationMs.max)}ms`
        : shown
    default:
      return shown
  }
}

/** From half of the example's value to double. */
function randomNumber(
  { minimum = 0, maximum = Infinity }: ParameterSchema,
  shown: unknown,
  random: Random,
): number {
  const [low, high] =
    typeof shown === 'number' ? [shown / 2, shown * 2] : [minimum, minimum + spanMax]
  const [from, to] = [Math.max(low, minimum), Math.min(high, maximum)]
  return from + random.next() * (to - from)
}
