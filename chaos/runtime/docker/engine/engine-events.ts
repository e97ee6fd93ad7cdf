import { createInterface } from 'node:readline'

import type { Clock } from '#chaos/lib/clock.ts'

import { projectLabelOf } from '../project.ts'
import type { Project } from '../project.ts'
import type { Docker } from './connect-engine.ts'

/** An event of the engine about a container of the project. */
export interface EngineEvent {
  readonly instance: string
  readonly action: 'start' | 'die' | 'pause' | 'unpause' | 'oom'
  readonly exitCode?: number
}

const actions: ReadonlySet<string> = new Set(['start', 'die', 'pause', 'unpause', 'oom'])
const reconnectAfterMs = 500

/** An event as the engine reports it. */
export interface RawEvent {
  readonly Action?: string
  readonly Actor?: {
    /** Id of the container. */
    readonly ID?: string
    /** Its labels, its `name`, and `exitCode`. */
    readonly Attributes?: Readonly<Record<string, string>>
  }
}

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
  const { project } = options
  await watchContainers({
    ...options,
    docker: project.docker,
    filters: { event: [...actions], label: [projectLabelOf(project.name)] },
    onEvent: (raw) => {
      const event = parse(raw, project)
      if (event !== undefined) options.onEvent(event)
    },
  })
}

/** Like {@link listenToEngine}, for the events of any containers. */
export async function watchContainers(options: {
  readonly docker: Docker
  /** The engine's filters: `event`, `label`. */
  readonly filters: Readonly<Record<string, readonly string[]>>
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onEvent: (event: RawEvent) => void
  /** The stream was lost for a moment, and events with it. */
  readonly onReconnect?: () => void
}): Promise<void> {
  const { docker, clock, signal } = options
  const filters = { type: ['container'], ...options.filters } as Record<string, string[]>
  const open = async (): Promise<NodeJS.ReadableStream> =>
    await docker.getEvents({ filters, abortSignal: signal })
  let stream = await open()
  const listen = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        for await (const line of createInterface({ input: stream })) {
          const event = readEvent(line)
          if (event !== undefined) options.onEvent(event)
        }
      } catch {
        // The stream broke. The next attempt shows whether the engine is still there.
      }
      await clock.sleep(reconnectAfterMs, signal).catch(() => undefined)
      if (signal.aborted) return
      const next = await open().catch(() => undefined)
      if (next === undefined) continue
      stream = next
      options.onReconnect?.()
    }
  }
  void listen()
}

function readEvent(line: string): RawEvent | undefined {
  try {
    return JSON.parse(line) as RawEvent
  } catch {
    return undefined
  }
}

function parse(raw: RawEvent, project: Project): EngineEvent | undefined {
  const attributes = raw.Actor?.Attributes ?? {}
  const instance = project.instanceOf(attributes)
  const { Action: action = '' } = raw
  if (instance === undefined || !actions.has(action)) return undefined
  const { exitCode } = attributes
  return {
    instance,
    action: action as EngineEvent['action'],
    ...(exitCode === undefined ? {} : { exitCode: Number(exitCode) }),
  }
}
