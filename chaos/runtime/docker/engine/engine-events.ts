import { createInterface } from 'node:readline'

import type { Clock } from '#chaos/lib/clock.ts'

import { projectLabelOf, composeServiceOf } from '../project.ts'
import type { Project } from '../project.ts'

/** An event of the engine about a container of the project. */
export interface EngineEvent {
  readonly instance: string
  readonly action: 'start' | 'die' | 'pause' | 'unpause' | 'oom'
  readonly exitCode?: number
}

const actions: ReadonlySet<string> = new Set(['start', 'die', 'pause', 'unpause', 'oom'])
const reconnectAfterMs = 500

/**
 * Listens until the signal aborts, and reconnects a lost stream. Resolves once the first stream is
 * open.
 */
export async function listenToEngine(options: {
  readonly project: Project
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onEvent: (event: EngineEvent) => void
}): Promise<void> {
  let stream = await open(options.project, options.signal)
  const listen = async (): Promise<void> => {
    while (!options.signal.aborted) {
      try {
        for await (const line of createInterface({ input: stream })) {
          const event = parse(line, options.project)
          if (event !== undefined) options.onEvent(event)
        }
      } catch {
        // The stream broke. The next attempt shows whether the engine is still there.
      }
      await options.clock.sleep(reconnectAfterMs, options.signal).catch(() => undefined)
      if (options.signal.aborted) return
      stream = await open(options.project, options.signal).catch(() => stream)
    }
  }
  void listen()
}

async function open(project: Project, signal: AbortSignal): Promise<NodeJS.ReadableStream> {
  return await project.docker.getEvents({
    filters: { type: ['container'], event: [...actions], label: [projectLabelOf(project.name)] },
    abortSignal: signal,
  })
}

interface RawEvent {
  readonly Action?: string
  readonly Actor?: { readonly Attributes?: Readonly<Record<string, string>> }
}

function parse(line: string, { targets }: Project): EngineEvent | undefined {
  let raw: RawEvent
  try {
    raw = JSON.parse(line) as RawEvent
  } catch {
    return undefined
  }
  const attributes = raw.Actor?.Attributes ?? {}
  const instance = composeServiceOf(attributes)
  const { Action: action = '' } = raw
  if (instance === undefined || !targets.includes(instance) || !actions.has(action))
    return undefined
  const { exitCode } = attributes
  return {
    instance,
    action: action as EngineEvent['action'],
    ...(exitCode === undefined ? {} : { exitCode: Number(exitCode) }),
  }
}
