import { readFileSync } from 'node:fs'
import path from 'node:path'

import { parse, stringify } from 'yaml'

import type { AnyCheck } from '#chaos/checks/index.ts'
import { checks } from '#chaos/checks/index.ts'
import { labs } from '#labs/index.ts'

import { fence, table } from './markdown.ts'
import { root } from './root.ts'
import { propertyRows } from './schema-words.ts'

const every: readonly AnyCheck[] = Object.values(checks)

/** A section for each check, with an example and the labs that ask for it. */
export function checksReference(): string {
  const askedIn = labsByCheck()
  return every.map((check) => section(check, askedIn.get(check.name) ?? [])).join('\n')
}

/** Every check in a line. */
export function checksTable(): string {
  return table(
    ['check', 'property', 'one offender is proof'],
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
    rows.length === 0 ? 'No parameters.\n' : table(['parameter', 'value', 'meaning'], rows),
    fence('yaml', `expect:\n  - ${inScenario(check)}`),
    used.length === 0 ? 'No lab asks for it.\n' : `Asked for in ${used.join(', ')}.\n`,
  ].join('\n')
}

/** As it stands in a scenario's `expect`. */
export function inScenario({ name, example }: AnyCheck): string {
  if (example === undefined) return name
  return `${name}: ${stringify(example, { collectionStyle: 'flow', lineWidth: 0 }).trim()}`
}

function labsByCheck(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const { track, id } of labs) {
    const text = readFileSync(path.join(root, 'labs', track, id, 'scenario.yaml'), 'utf8')
    const { expect = [] } = parse(text) as { readonly expect?: readonly (string | object)[] }
    for (const name of new Set(expect.map((item) => nameOf(item))))
      found.set(name, [...(found.get(name) ?? []), `[${id}](../labs/${track}/${id}/README.md)`])
  }
  return found
}

function nameOf(expectation: string | object): string {
  return typeof expectation === 'string' ? expectation : (Object.keys(expectation)[0] ?? '')
}
