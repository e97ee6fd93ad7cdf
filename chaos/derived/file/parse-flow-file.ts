import { findProblem } from '#chaos/engine/scenario/find-problem.ts'
import { createScenarioErrors } from '#chaos/engine/scenario/scenario-errors.ts'
import { readScenarioText } from '#chaos/engine/scenario/scenario-text.ts'

import type { Statement } from '../statements.ts'
import { type FlowFile, flowFileSchema, type StatementFile } from './flow-schema.ts'

/** Parses the text of a flow file. Throws an {@link InputError} with file, line, path, value and remedy for the first error. */
export function parseFlowFile(text: string, file: string): FlowFile {
  const read = readScenarioText(text, file)
  const errors = createScenarioErrors(file, read)
  const problem = findProblem(flowFileSchema, read.value)
  if (problem !== null) throw errors.problem(problem)
  const flow = read.value as FlowFile
  for (const [i, statement] of (flow.expect ?? []).entries()) {
    const kinds = kindsIn(statement)
    if (kinds.length !== 1)
      throw errors.at(
        ['expect', String(i)],
        `must have exactly one of sql, redis and http, got ${kinds.join(' and ') || 'none'}`,
        'Write one statement for each value, for example sql: "SELECT count(*) FROM orders".',
      )
  }
  const sent = JSON.stringify(flow.requests)
  // This is how YAML reads {{id}} without quotes: a map whose key is a map.
  if (sent.includes('"{ id }"'))
    throw errors.at(
      ['requests'],
      'has {{id}} without quotes',
      'YAML reads that as a map. Put quotes around the value: "{{id}}".',
    )
  if (!sent.includes('{{id}}'))
    throw errors.at(
      ['requests'],
      'contains no {{id}}',
      'Put {{id}} where your request has an id of its own, for example body: { orderId: "{{id}}" }. Every run has another one.',
    )
  return flow
}

function kindsIn(statement: StatementFile): readonly Statement['kind'][] {
  return (['sql', 'redis', 'http'] as const).filter((kind) => statement[kind] !== undefined)
}

/** The statements of a flow file. */
export function statementsOf({ expect = [] }: FlowFile): readonly Statement[] {
  return expect.map((statement) => {
    const [kind = 'sql'] = kindsIn(statement)
    const { of, at, equals } = statement
    return {
      kind,
      text: statement[kind] ?? '',
      equals,
      ...(of === undefined ? {} : { of }),
      ...(at === undefined ? {} : { at }),
    }
  })
}
