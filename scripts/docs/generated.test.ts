import { readFileSync } from 'node:fs'
import path from 'node:path'

import { expect, test } from 'vitest'

import { parseScenario } from '#chaos/engine/scenario/parse-scenario.ts'
import { faults } from '#chaos/faults/index.ts'
import type { AnyFault } from '#chaos/faults/index.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { system } from '#chaos/system.ts'

import { checkInScenario as expectation } from './checks.ts'
import { faultInScenario as step } from './faults.ts'
import { generatedDocuments } from './generated.ts'

test.each(await generatedDocuments())('$file is up to date (if not: npm run docs)', (document) => {
  expect(document.current).toBe(document.wanted)
})

test('the long example of docs/scenario.md is a valid scenario', () => {
  const page = readFileSync(path.join(projectRoot, 'docs/scenario.md'), 'utf8')
  const [, example = ''] = /^```yaml\n([\s\S]*?)^```$/m.exec(page) ?? []
  expect(
    parseScenario(example, { file: 'docs/scenario.md', system }).expect.length,
  ).toBeGreaterThan(0)
})

const scenario = (method: string, expected: string): string =>
  `title: t\nworkload: { orders: 1/s, duration: 6s }\nmethod:\n${method}\nexpect:\n  - ${expected}\n`

test.each(Object.values(faults) as readonly AnyFault[])(
  'the step that docs/faults.md shows for $kind is valid',
  (fault) => {
    const { method } = parseScenario(scenario(step(fault), 'no-lost-orders'), {
      file: 'example',
      system,
    })
    expect(method).toHaveLength(1)
  },
)

test.each(Object.values(system.checks))(
  'the entry of expect that docs/checks.md shows for $name is valid',
  (check) => {
    const file = scenario(step(faults.crash), expectation(check))
    expect(parseScenario(file, { file: 'example', system }).expect).toHaveLength(1)
  },
)
