import type { CheckResult, Evidence, Offender, Story } from '#chaos/contracts/check.ts'
import type { AboutOffender, System } from '#chaos/contracts/system.ts'

import { allOperations } from '../lib/all-operations.ts'
import { clockOf } from '../lib/clock-of.ts'
import { operationName, operationNoun } from '../lib/describe-operation.ts'
import { clientLines } from './client-lines.ts'
import { inFlightLines, concurrentLine } from './concurrent-lines.ts'
import { faultLines, healLine } from './fault-lines.ts'
import { settledLine } from './settled-line.ts'

/** A longer story is shortened in its middle. */
const linesMax = 40

type Teller = Pick<System, 'name' | 'operations' | 'tellAbout'>

/**
 * The story of the first offender of the first violated check, in time order: what the client sends and receives, what the
 * services do, which faults are active, and the state at the end. Undefined if no check is violated.
 */
export function tellStory(
  evidence: Evidence,
  results: readonly CheckResult[],
  system: Teller,
): Story | undefined {
  const result = results.find(
    ({ outcome, offenders }) => outcome === 'violated' && offenders.length > 0,
  )
  const [offender] = result?.offenders ?? []
  if (result === undefined || offender === undefined) return undefined
  const { about, lines } = linesAbout(evidence, offender, system)
  return {
    about,
    headline: offender.actual,
    lines: shorten(lines.toSorted((a, b) => a.ms - b.ms)),
    expected: offender.expected,
    actual: offender.actual,
  }
}

function linesAbout(evidence: Evidence, { id }: Offender, system: Teller): AboutOffender {
  return (
    system.tellAbout?.(evidence, id) ??
    operationAbout(evidence, id, system) ?? {
      about: id,
      lines: [
        ...faultLines(evidence, clockOf(evidence)),
        healLine(evidence, system),
        settledLine(evidence, system),
      ],
    }
  )
}

function operationAbout(evidence: Evidence, id: string, system: Teller): AboutOffender | undefined {
  const operation = allOperations(evidence).find((candidate) => operationName(candidate) === id)
  if (operation === undefined) return undefined
  const window = { fromMs: operation.startMs, toMs: operation.endMs }
  return {
    about: `${operationNoun(system.operations, operation.kind)} #${operation.id}`,
    lines: [
      ...clientLines(operation, system),
      ...inFlightLines(operation, evidence, system),
      ...faultLines(evidence, clockOf(evidence), window),
      concurrentLine(operation, evidence, system),
    ],
  }
}

/** Keeps the first and the last lines, with the number of lines left out between them. */
function shorten(lines: Story['lines']): Story['lines'] {
  if (lines.length <= linesMax) return lines
  const head = lines.slice(0, linesMax - 15)
  const tail = lines.slice(-14)
  const left = lines.length - head.length - tail.length
  const ms = tail[0]?.ms ?? 0
  return [...head, { ms, who: '...', text: `${left} more lines` }, ...tail]
}
