import { stringify } from 'yaml'

import { faultExample } from '#chaos/cli/fault-example.ts'
import type { Support } from '#chaos/contracts/fault.ts'
import type { ResourceKind, Runtime } from '#chaos/contracts/runtime.ts'
import { faults } from '#chaos/faults/index.ts'
import type { AnyFault } from '#chaos/faults/index.ts'

import { markdownFence, markdownTable } from './markdown.ts'
import { propertyRows } from './property-rows.ts'

const every: readonly AnyFault[] = Object.values(faults)

/** The two runtimes, with the properties that a fault's `support` reads. */
const limits: readonly ResourceKind[] = ['cpu-limit', 'memory-limit', 'disk-full']
const local = { kind: 'local', clocks: {} } as Runtime
const docker = {
  kind: 'docker',
  packetFilter: {},
  clocks: {},
  resourceLimits: { supported: new Set(limits) },
} as unknown as Runtime

/** The README's table: one row per kind of target. */
export function faultsInShort(page: string): string {
  const groups = Map.groupBy(every, ({ target }) => target)
  return markdownTable(
    ['on', 'faults'],
    [...groups].map(([target, members]) => [
      target === 'instance' ? 'an instance' : `a ${target}`,
      members.map(({ kind }) => `[${kind}](${page}#${kind})`).join(', '),
    ]),
  )
}

/** A table with one row per fault. */
export function faultsTable(): string {
  return markdownTable(
    ['fault', 'on', 'what it does', 'local', 'Docker'],
    every.map((fault) => [
      `[${fault.kind}](#${fault.kind})`,
      targetWords(fault),
      fault.description,
      where(fault, local).short,
      where(fault, docker).short,
    ]),
  )
}

/** A section for each fault, grouped by kind of target. */
export function faultsReference(): string {
  const groups = Map.groupBy(every, ({ target }) => target)
  return [...groups]
    .map(([target, members]) => [`## On ${target}s\n`, ...members.map(section)].join('\n'))
    .join('\n')
}

function section(fault: AnyFault): string {
  const rows = propertyRows(fault.params)
  return [
    `### ${fault.kind}\n`,
    `${fault.description} *Outside a sandbox:* ${lowerFirst(fault.outside)}\n`,
    rows.length === 0 ? 'No parameters.\n' : markdownTable(['parameter', 'value', 'meaning'], rows),
    `Local: ${where(fault, local).long}. Docker: ${where(fault, docker).long}.\n`,
    markdownFence('yaml', faultInScenario(fault)),
    markdownFence('', `npx ${faultExample(fault)}`),
  ].join('\n')
}

/** The fault's own example, as a step of a scenario's method. */
export function faultInScenario(fault: AnyFault): string {
  const { target, params } = fault.example
  const inject = { [fault.kind]: { [fault.target]: target, ...params } }
  const flow = stringify(inject, { collectionStyle: 'flow', lineWidth: 0 }).trim()
  return `- at: 2s\n  inject: ${flow}\n  for: 3s`
}

function targetWords({ target, stores }: AnyFault): string {
  return target === 'store' ? (stores ?? []).join(', ') : target
}

function where(fault: AnyFault, runtime: Runtime): { short: string; long: string } {
  const support: Support = fault.support?.(runtime) ?? { available: true, how: '' }
  if (!support.available) return { short: 'no', long: `no, ${support.how}` }
  if (support.how === '') return { short: 'yes', long: 'yes' }
  return {
    short: support.how.startsWith('by the ') ? 'yes' : support.how.replace(/ \(.*/, ''),
    long: support.how,
  }
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`
}
