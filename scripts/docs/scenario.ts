import { methodSchema } from '#chaos/engine/scenario/method-schema.ts'
import { scenarioLanguage } from '#chaos/engine/scenario/scenario-schema.ts'
import { system } from '#chaos/system.ts'

import { markdownTable } from './markdown.ts'
import { propertyRows } from './property-rows.ts'
import type { Schema } from './property-rows.ts'

/** A trap if it has `when`; otherwise a step by time. */
type Step = Schema & Readonly<Record<'then' | 'else', Schema>>

const head = ['key', 'value', 'meaning']

/** Every key of a scenario file, section by section. Required keys are bold. */
export function scenarioReference(): string {
  const file = scenarioLanguage(system).schema as Schema
  const { workload, shop } = file.properties ?? {}
  const step = (methodSchema([]) as Schema).items as Step
  return [
    keys('The file', '', file),
    keys('workload', 'What the clients send.', workload),
    keys('workload.client', 'How one client behaves.', workload?.properties?.['client']),
    keys('shop', 'The settings of the shop.', shop),
    keys(
      'shop.supervisor',
      'When the supervisor restarts an instance.',
      shop?.properties?.['supervisor'],
    ),
    keys(
      'A step by time',
      'An entry of `method` with `at`, or with `after` to count from the previous step.',
      step.else,
    ),
    keys('A step by message', 'An entry of `method` with `when`: a trap.', step.then),
    keys('when', 'The message that springs the trap.', step.then.properties?.['when']),
  ].join('\n')
}

function keys(title: string, about: string, schema: Schema | undefined): string {
  if (schema === undefined) throw new Error(`The schema of a scenario has no ${title}.`)
  return [
    `### ${title}\n`,
    ...(about === '' ? [] : [`${about}\n`]),
    markdownTable(head, rows(schema)),
  ].join('\n')
}

function rows(schema: Schema): string[][] {
  return propertyRows(schema).map(([key = '', value = '', meaning = '']) => [
    key,
    special[key.replace(/[*`]/g, '')] ?? value,
    meaning,
  ])
}

/** Keys with a section or a page of their own. */
const special: Readonly<Record<string, string>> = {
  workload: '[workload](#workload)',
  client: '[client](#workloadclient)',
  shop: '[shop](#shop)',
  supervisor: '[supervisor](#shopsupervisor)',
  method: 'steps: [by time](#a-step-by-time), [by message](#a-step-by-message)',
  when: '[when](#when)',
  // oxlint-disable-next-line unicorn/no-thenable -- the key of the scenario file
  then: '`cut`, `silence`, `deliver`, `{ delay: 2s }`, or `{ until: final }`',
  inject: 'one [fault](faults.md)',
  expect: '[checks](checks.md)',
}
