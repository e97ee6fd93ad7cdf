import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import type { Runtime } from '#chaos/contracts/runtime.ts'
import { composeVariants } from '#chaos/engine/scenario/compose-variants.ts'
import { parseScenario } from '#chaos/engine/scenario/parse-scenario.ts'
import { labFolder } from '#chaos/exercise/folders.ts'
import { type AnyFault, faults } from '#chaos/faults/index.ts'
import { system } from '#chaos/system.ts'

import { labs } from './index.ts'

const all = Object.values(faults) as readonly AnyFault[]
/** What a seat has: plain processes without capabilities. */
const seat = { kind: 'local' } as unknown as Runtime
const docker = { kind: 'docker', packetFilter: {} } as unknown as Runtime

const differs = (fault: AnyFault): boolean => {
  const [here, there] = [fault.support?.(seat), fault.support?.(docker)]
  return here?.available === false || here?.how !== there?.how
}

test('partition, packet loss and limits have another mechanism in a seat, or none', () => {
  expect(all.filter(differs).map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['partition', 'packet-loss', 'cpu-limit', 'memory-limit', 'disk-full']),
  )
})

// docs/cluster.md says so.
test.for(labs)('$id has the same mechanisms in a seat as elsewhere', (lab) => {
  const read = (name: string) => ({
    file: `${lab.id}/${name}`,
    text: readFileSync(join(labFolder(lab), name), 'utf8'),
  })
  const scenario = read('scenario.yaml')
  const withVariants = composeVariants(
    { scenario, variants: read('variants.yaml') },
    { system, names: ['all'] },
  )
  const own = parseScenario(scenario.text, { file: scenario.file, system }).method
  const steps = [...own, ...withVariants.scenario.method]
  const used = new Set(steps.flatMap(({ inject }) => (inject === undefined ? [] : [inject.kind])))
  expect(all.filter((fault) => used.has(fault.kind) && differs(fault))).toEqual([])
})
