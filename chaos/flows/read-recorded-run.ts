import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import { clockOfRun } from '#chaos/contracts/run-clock.ts'
import type { System } from '#chaos/contracts/system.ts'
import type { FlowFacts } from '#chaos/contracts/system/flow-view.ts'
import type { Verdict } from '#chaos/contracts/verdict.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { parseJsonLines } from '#chaos/lib/json-lines.ts'

import { openRecording } from './open-recording.ts'
import type { RecordedRun, RunOfFlows } from './recorded-run.ts'

/** A run has the flows of its scenario, and those of the variants that ran after it. Their keys can be the same. */
export const runParts = ['scenario', 'variants'] as const
export type RunPart = (typeof runParts)[number]

/** The name of the check result about the variants. */
const variantsCheck = 'variants'

export interface RunFolder {
  readonly folder: string
  readonly system: Pick<System, 'topology' | 'flowView'>
  /** Absent: the variants if they were violated, else the scenario. */
  readonly part?: RunPart
}

/** The flows of a run: a list costs little, messages are found only for the flows that are asked for. */
export interface FlowsInFolder {
  readonly run: RunOfFlows
  /** With all messages of these flows, and some of others. Absent: of every flow, which takes longer. */
  readonly withMessages: (flows?: readonly string[]) => Promise<RecordedRun>
}

/**
 * Opens the flows of a run. Throws an {@link InputError} for a run without a recording: one that has not ended yet, that sent
 * nothing, or that an earlier version wrote.
 */
export async function openRecordedRun({ folder, system, part }: RunFolder): Promise<FlowsInFolder> {
  const text = async (name: string): Promise<string> =>
    await readFile(join(folder, name), 'utf8').catch(() => '')
  const verdict = parseVerdict(await text('verdict.json'))
  const chosen = part ?? partOf(verdict)
  const suffix = chosen === 'variants' ? '-variants' : ''
  const [recording, facts, history, journal] = await Promise.all([
    openRecording(folder, suffix),
    text(`flows${suffix}.jsonl`),
    text(`history${suffix}.jsonl`),
    text('journal.jsonl'),
  ])
  const all = parseJsonLines(journal) as SandboxEvent[]
  const clock = clockOfRun(all)
  if (recording === undefined || clock === undefined)
    throw new InputError(
      `The run has no recording of its flows${suffix === '' ? '' : ' in the variants'}.`,
      {
        remedy:
          'A run writes it when its checks end. Runs of earlier versions have none: run it again.',
        status: 409,
      },
    )
  const run: RunOfFlows = {
    topology: system.topology,
    clock,
    events: eventsOf(all, chosen),
    operations: parseJsonLines(history) as Operation[],
    recording,
    facts: parseJsonLines(facts) as FlowFacts[],
    offenders: offendersOf(verdict),
    holdingOf: (exchange) => system.flowView?.holdingOf?.(exchange),
  }
  return {
    run,
    withMessages: async (flows) => ({ ...run, recording: await recording.messagesOf(flows) }),
  }
}

/** Opens the flows of a run with all messages. */
export async function readRecordedRun(folder: RunFolder): Promise<RecordedRun> {
  return await (await openRecordedRun(folder)).withMessages()
}

function parseVerdict(text: string): Partial<Verdict> {
  try {
    return JSON.parse(text) as Partial<Verdict>
  } catch {
    // The run has no verdict.
    return {}
  }
}

function partOf({ checks = [] }: Partial<Verdict>): RunPart {
  const failed = checks.some(
    ({ name, outcome }) => name === variantsCheck && outcome === 'violated',
  )
  return failed ? 'variants' : 'scenario'
}

function offendersOf({ checks = [] }: Partial<Verdict>): ReadonlySet<string> {
  return new Set(
    checks
      .filter(({ outcome }) => outcome === 'violated')
      .flatMap(({ offenders }) => offenders.map(({ id }) => id)),
  )
}

/** The events up to the preparation of the variants, or from there on. */
function eventsOf(events: readonly SandboxEvent[], part: RunPart): readonly SandboxEvent[] {
  const starts = events.flatMap((event, index) =>
    event.type === 'phase' && event.phase === 'prepare' && event.what === 'began' ? [index] : [],
  )
  const second = starts[1] ?? events.length
  return part === 'scenario' ? events.slice(0, second) : events.slice(second)
}
