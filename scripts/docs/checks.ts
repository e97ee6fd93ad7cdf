import { readFileSync } from 'node:fs'
import path from 'node:path'

import { parse, stringify } from 'yaml'

import type { AnyCheck } from '#chaos/contracts/check.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { system } from '#chaos/system.ts'
import { labs } from '#labs/index.ts'

import { markdownFence, markdownTable } from './markdown.ts'
import { propertyRows } from './property-rows.ts'

const every = Object.values(system.checks)

/** A section for each check, with an example and the labs that use it. */
export function checksReference(): string {
  const askedIn = labsByCheck()
  return every.map((check) => section(check, askedIn.get(check.name) ?? [])).join('\n')
}

/** A table with one row per check. */
export function checksTable(): string {
  return markdownTable(
    ['check', 'property', 'one offender proves a violation'],
    every.map(({ name, description, safety }) => [
      `[${name}](#${name})`,
      description,
      safety === true ? 'yes' : '',
    ]),
  )
}

function section(check: AnyCheck, used: readonly string[]): string {
  const rows = propertyRows(check.params)
  return [
    `## ${check.name}\n`,
    `${check.description}\n`,
    rows.length === 0 ? 'No parameters.\n' : markdownTable(['parameter', 'value', 'meaning'], rows),
    markdownFence('yaml', `expect:\n  - ${checkInScenario(check)}`),
    used.length === 0 ? 'No lab uses it.\n' : `Used by ${used.join(', ')}.\n`,
  ].join('\n')
}

/** The check's own example, as an entry of a scenario's `expect`. */
export function checkInScenario({ name, example }: AnyCheck): string {
  if (example === undefined) return name
  return `${name}: ${stringify(example, { collectionStyle: 'flow', lineWidth: 0 }).trim()}`
}

function labsByCheck(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const { track, id } of labs) {
    const text = readFileSync(path.join(projectRoot, 'labs', track, id, 'scenario.yaml'), 'utf8')
    const { expect = [] } = parse(text) as { readonly expect?: readonly (string | object)[] }
    for (const name of new Set(expect.map((item) => nameOf(item))))
      found.set(name, [...(found.get(name) ?? []), `[${id}](../labs/${track}/${id}/README.md)`])
  }
  return found
}

function nameOf(expectation: string | object): string {
  return typeof expectation === 'string' ? expectation : (Object.keys(expectation)[0] ?? '')
}
