import { leaseMaxMs } from '#chaos/contracts/fault.ts'
import { operationsMax } from '#chaos/contracts/max.ts'
import { profileNamed } from '#chaos/contracts/profiles/profile-named.ts'
import type { Expectation, Scenario, ShopSetup, Workload } from '#chaos/contracts/scenario.ts'
import { workloadOf } from '#chaos/contracts/system.ts'
import type { System } from '#chaos/contracts/system.ts'
import type { RefuseKey } from '#chaos/contracts/system/workload.ts'
import { withProfiles } from '#chaos/contracts/topology.ts'
import { formatDuration, parseDuration } from '#chaos/lib/duration.ts'
import { parseRate } from '#chaos/lib/values.ts'
import { rateKey, ratesBy } from '#chaos/workload/rates.ts'

import { resolveTargets } from '../targets.ts'
import { buildMethod } from './build-method.ts'
import {
  clientDefault,
  recoveryDefaultMs,
  steadyStateDefaultMs,
  supervisorDefault,
} from './defaults.ts'
import { findProblem } from './find-problem.ts'
import type { ScenarioErrors } from './scenario-errors.ts'
import type { ScenarioFile, Vocabulary } from './scenario-schema.ts'
import type { ShopFile } from './shop-schema.ts'
import type { WorkloadFile } from './workload-schema.ts'

export interface ScenarioContext {
  readonly system: System
  readonly words: Vocabulary
  readonly errors: ScenarioErrors
}

/** Converts a valid file to numbers and names. Throws {@link InputError} for errors that the schema cannot express. */
export function buildScenario(file: ScenarioFile, given: ScenarioContext): Scenario {
  const { words, errors } = given
  const system = systemOf(file.shop, given)
  const context = { ...given, system }
  const workload = buildWorkload(file.workload, system, errors)
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

/** The system with the parts that the scenario's profiles add. */
function systemOf(file: ShopFile | undefined, { system, errors }: ScenarioContext): System {
  const names = file?.profiles ?? []
  for (const [i, name] of names.entries())
    errors.locate(['shop', 'profiles', String(i)], () => profileNamed(system.topology, name))
  return { ...system, topology: withProfiles(system.topology, names) }
}

function buildWorkload(file: WorkloadFile, system: System, errors: ScenarioErrors): Workload {
  const { operations } = system
  const own = workloadOf(system)
  const durationMs = parseDuration(file.duration)
  const rates = ratesBy(system, (operation) => rateOf(file[rateKey(operation)]))
  if (!Object.values(rates).some((rate) => rate > 0))
    throw errors.at(
      ['workload'],
      'sends no operation',
      `Give a rate for ${oneOf(operations.map((operation) => rateKey(operation)))}, for example 20/s.`,
    )
  if (durationMs === 0 || durationMs > leaseMaxMs)
    throw errors.at(
      ['workload', 'duration'],
      `must be more than 0s and at most ${formatDuration(leaseMaxMs)}, got ${file.duration}`,
    )
  const arrivals = (sum(Object.values(rates)) * durationMs) / 1_000
  if (arrivals > operationsMax)
    throw errors.at(
      ['workload'],
      `sends ${Math.round(arrivals)} operations in ${file.duration}, and at most ${operationsMax} are allowed`,
      'Use lower rates, or a shorter duration.',
    )
  const workload: Workload = {
    rates,
    durationMs,
    ...(file.afterSteps === undefined ? {} : { afterStepsMs: parseDuration(file.afterSteps) }),
    client: {
      attemptTimeoutMs: milliseconds(file.client?.attemptTimeout) ?? clientDefault.attemptTimeoutMs,
      deadlineMs: milliseconds(file.client?.deadline) ?? clientDefault.deadlineMs,
      retriesMax: file.client?.retries ?? clientDefault.retriesMax,
      backoffMs: milliseconds(file.client?.backoff) ?? clientDefault.backoffMs,
      backoffMaxMs: milliseconds(file.client?.backoffMax) ?? clientDefault.backoffMaxMs,
      ...(file.client?.retryAfter === false ? { ignoresRetryAfter: true } : {}),
      onlyReady: file.client?.onlyReady ?? clientDefault.onlyReady,
      probeIntervalMs: milliseconds(file.client?.probeInterval) ?? clientDefault.probeIntervalMs,
    },
  }
  const refuse: RefuseKey = (key, message, remedy) => {
    throw errors.at(['workload', key], message, remedy)
  }
  return own.build?.(workload, file, refuse) ?? workload
}

function rateOf(text: unknown): number {
  return typeof text === 'string' ? parseRate(text) : 0
}

/** `orders, browse or reads` */
function oneOf(keys: readonly string[]): string {
  return keys.length < 2 ? keys.join('') : `${keys.slice(0, -1).join(', ')} or ${keys.at(-1)}`
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}

function buildShop(file: ShopFile, { system, errors }: ScenarioContext): ShopSetup {
  const environment = file.environment ?? {}
  for (const name of Object.keys(environment))
    errors.locate(['shop', 'environment', name], () =>
      resolveTargets(system.topology, 'instance', name),
    )
  const { supervisor } = file
  return {
    ...(file.profiles === undefined ? {} : { profiles: file.profiles }),
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
      restartDelayMaxMs:
        milliseconds(supervisor?.restartDelayMax) ?? supervisorDefault.restartDelayMaxMs,
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
