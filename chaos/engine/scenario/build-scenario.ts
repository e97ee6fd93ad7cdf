import { leaseMaxMs } from '#chaos/contracts/fault.ts'
import { operationsMax } from '#chaos/contracts/max.ts'
import type { Expectation, Scenario, ShopSetup, Workload } from '#chaos/contracts/scenario.ts'
import type { System } from '#chaos/contracts/system.ts'
import { formatDuration, parseDuration } from '#chaos/lib/duration.ts'

import { resolveTargets } from '../targets.ts'
import { buildMethod } from './build-method.ts'
import {
  clientDefault,
  quantityMaxDefault,
  recoveryDefaultMs,
  skusDefault,
  steadyStateDefaultMs,
  supervisorDefault,
} from './defaults.ts'
import { findProblem } from './find-problem.ts'
import type { ScenarioErrors } from './scenario-errors.ts'
import type { ScenarioFile, Vocabulary } from './scenario-schema.ts'
import { parseRate } from './scenario-values.ts'
import type { ShopFile } from './shop-schema.ts'
import type { WorkloadFile } from './workload-schema.ts'

export interface ScenarioContext {
  readonly system: System
  readonly words: Vocabulary
  readonly errors: ScenarioErrors
}

/** Converts a valid file to numbers and names. Throws {@link InputError} for errors that the schema cannot express. */
export function buildScenario(file: ScenarioFile, context: ScenarioContext): Scenario {
  const { words, errors } = context
  const workload = buildWorkload(file.workload, errors)
  return {
    title: file.title,
    workload,
    shop: buildShop(file.shop ?? {}, context),
    method: buildMethod(file.method ?? [], { ...context, workload }),
    expect: file.expect.map((item, i) => buildExpectation(item, i, words, errors)),
    steadyStateMs: milliseconds(file.steadyState) ?? steadyStateDefaultMs,
    recoveryMs: milliseconds(file.recovery) ?? recoveryDefaultMs,
    ...(file.seed === undefined ? {} : { seed: file.seed }),
  }
}

function buildWorkload(file: WorkloadFile, errors: ScenarioErrors): Workload {
  const durationMs = parseDuration(file.duration)
  const rates = [file.orders, file.browse, file.quotes, file.reads]
  if (!rates.some((rate) => rate !== undefined && parseRate(rate) > 0))
    throw errors.at(
      ['workload'],
      'sends no operation',
      'Give a rate for orders, browse, quotes or reads, for example 20/s.',
    )
  if (durationMs === 0 || durationMs > leaseMaxMs)
    throw errors.at(
      ['workload', 'duration'],
      `must be more than 0s and at most ${formatDuration(leaseMaxMs)}, got ${file.duration}`,
    )
  const arrivals = (sum(rates.map((rate) => rateOf(rate))) * durationMs) / 1_000
  if (arrivals > operationsMax)
    throw errors.at(
      ['workload'],
      `sends ${Math.round(arrivals)} operations in ${file.duration}, and at most ${operationsMax} are allowed`,
      'Use lower rates, or a shorter duration.',
    )
  if (file.hot !== undefined && file.skus !== undefined)
    throw errors.at(['workload', 'hot'], 'and skus are both given', 'Remove one of them.')
  return {
    ordersPerSecond: rateOf(file.orders),
    browsePerSecond: rateOf(file.browse),
    quotesPerSecond: rateOf(file.quotes),
    readOrdersPerSecond: rateOf(file.reads),
    durationMs,
    ...(file.afterSteps === undefined ? {} : { afterStepsMs: parseDuration(file.afterSteps) }),
    skus: skusOf(file),
    quantityMax: file.quantity ?? quantityMaxDefault,
    browseUncached: file.uncached ?? false,
    duplicateShare: file.duplicates ?? 0,
    duplicateOtherBodyShare: file.duplicatesWithOtherBody ?? 0,
    poisonOrders: file.poison ?? [],
    refused: true,
    declinedShare: file.declined ?? 0,
    hugeOrders: (file.huge ?? []).map((huge) => ({ alike: false, ...huge })),
    client: {
      attemptTimeoutMs: milliseconds(file.client?.attemptTimeout) ?? clientDefault.attemptTimeoutMs,
      deadlineMs: milliseconds(file.client?.deadline) ?? clientDefault.deadlineMs,
      retriesMax: file.client?.retries ?? clientDefault.retriesMax,
      backoffMs: milliseconds(file.client?.backoff) ?? clientDefault.backoffMs,
      backoffMaxMs: milliseconds(file.client?.backoffMax) ?? clientDefault.backoffMaxMs,
      onlyReady: file.client?.onlyReady ?? clientDefault.onlyReady,
      probeIntervalMs: milliseconds(file.client?.probeInterval) ?? clientDefault.probeIntervalMs,
    },
  }
}

function rateOf(text: string | undefined): number {
  return text === undefined ? 0 : parseRate(text)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}

function skusOf({ hot, skus }: WorkloadFile): Workload['skus'] {
  if (hot !== undefined) return [{ sku: hot, share: 1 }]
  if (skus === undefined) return skusDefault
  return Object.entries(skus).map(([sku, share]) => ({ sku, share }))
}

function buildShop(file: ShopFile, { system, errors }: ScenarioContext): ShopSetup {
  const environment = file.environment ?? {}
  for (const name of Object.keys(environment))
    errors.locate(['shop', 'environment', name], () =>
      resolveTargets(system.topology, 'instance', name),
    )
  const { supervisor } = file
  return {
    off: file.off ?? [],
    environment,
    ...(file.frozen === undefined ? {} : { frozen: file.frozen }),
    stock: file.stock ?? {},
    supervisor: {
      restarts: supervisor?.restarts ?? supervisorDefault.restarts,
      livenessFailuresMax: supervisor?.livenessFailures ?? supervisorDefault.livenessFailuresMax,
      probeIntervalMs: milliseconds(supervisor?.probeInterval) ?? supervisorDefault.probeIntervalMs,
      probeTimeoutMs: milliseconds(supervisor?.probeTimeout) ?? supervisorDefault.probeTimeoutMs,
      restartDelayMs: milliseconds(supervisor?.restartDelay) ?? supervisorDefault.restartDelayMs,
    },
  }
}

function buildExpectation(
  item: ScenarioFile['expect'][number],
  index: number,
  words: Vocabulary,
  errors: ScenarioErrors,
): Expectation {
  if (typeof item !== 'string') {
    const [[check, params] = ['', {}]] = Object.entries(item)
    return { check, params }
  }
  const schema = words.checks.find(({ name }) => name === item)?.params
  const problem = schema === undefined ? null : findProblem(schema, {})
  if (problem === null) return { check: item, params: {} }
  const path = ['expect', String(index)]
  throw errors.at(path, `${problem.message} for "${item}"`, `Write it as ${item}: { ... }.`)
}

function milliseconds(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDuration(text)
}
