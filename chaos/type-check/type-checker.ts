import { readFile } from 'node:fs/promises'

import type { Completions, Diagnostics, Hover } from '#chaos/contracts/api.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import { startLanguageServer, type LanguageServer } from './language-server.ts'
import {
  markdownOf,
  toCompletion,
  toDiagnostic,
  type LspCompletion,
  type LspCompletions,
  type LspHover,
  type LspReport,
} from './lsp.ts'
import { languageServerPath } from './server-path.ts'

/** How long a server without requests stays up. */
const idleMs = 5 * 60_000
/** A request that takes longer ends the server. */
const requestMaxMs = 15_000
/** A server that needs more memory is replaced. */
const residentMaxBytes = 512 * 1024 * 1024
/** Requests that wait for one another. */
const waitingMax = 20
const completionsMax = 200

/** No file: the text of each request takes its place. So a text is checked before it is saved. */
const documentUri = new URL('project/learner.ts', import.meta.url).href

export interface TypeCheckerOptions {
  readonly clock: Clock
  readonly idleMs?: number
  /** Starts the server; for tests. */
  readonly start?: (signal: AbortSignal) => Promise<LanguageServer>
}

export interface Position {
  /** From 1. */
  readonly line: number
  readonly column: number
}

/** Checks the types of one text at a time, in another process, which starts with the first request and ends when idle. */
export interface TypeChecker extends AsyncDisposable {
  /** The process; undefined while there is none. */
  readonly pid: number | undefined
  /** Responds `starting` if the result is not there after `waitMs`. */
  diagnostics(text: string, waitMs: number): Promise<Diagnostics>
  completions(text: string, at: Position, waitMs: number): Promise<Completions>
  hover(text: string, at: Position, waitMs: number): Promise<Hover>
}

export function createTypeChecker(options: TypeCheckerOptions): TypeChecker {
  const { clock } = options
  const session = createSession(options)
  const ask = async <T>(
    text: string,
    waitMs: number,
    method: string,
    position?: Position,
  ): Promise<Answered<T>> => {
    const done = new AbortController()
    const late = clock.sleep(waitMs, done.signal).then(
      () => ({ state: 'starting' }) as const,
      () => ({ state: 'starting' }) as const,
    )
    const found = session.ask<T>(text, method, position)
    // A result that comes too late is of no interest, and neither is its error.
    const answered = await Promise.race([found, late])
    done.abort()
    return answered
  }
  return {
    get pid() {
      return session.pid
    },
    diagnostics: async (text, waitMs) => {
      const startedAt = clock.now()
      const { value, ...rest } = await ask<LspReport>(text, waitMs, 'textDocument/diagnostic')
      return {
        diagnostics: (value?.items ?? []).flatMap(toDiagnostic),
        tookMs: Math.round(clock.now() - startedAt),
        ...rest,
      }
    },
    completions: async (text, at, waitMs) => {
      const { value, state } = await ask<LspCompletions | null>(
        text,
        waitMs,
        'textDocument/completion',
        at,
      )
      const items = Array.isArray(value)
        ? (value as readonly LspCompletion[])
        : (value?.items ?? [])
      return { items: items.slice(0, completionsMax).map(toCompletion), state }
    },
    hover: async (text, at, waitMs) => {
      const { value, state } = await ask<LspHover | null>(text, waitMs, 'textDocument/hover', at)
      return { markdown: value === undefined || value === null ? null : markdownOf(value), state }
    },
    [Symbol.asyncDispose]: async () => session[Symbol.asyncDispose](),
  }
}

interface Answered<T> {
  readonly state: Diagnostics['state']
  readonly reason?: string
  readonly value?: T
}

interface Session extends AsyncDisposable {
  readonly pid: number | undefined
  ask<T>(text: string, method: string, position?: Position): Promise<Answered<T>>
}

/** One server at a time. It starts when it is needed and stops when it was idle for a while. */
function keepServer(options: TypeCheckerOptions) {
  const {
    clock,
    start = async (signal) => await startLanguageServer(languageServerPath(), signal),
  } = options
  const ended = new AbortController()
  let server: LanguageServer | undefined
  let idle = new AbortController()
  const stop = async (): Promise<void> => {
    const ending = server
    server = undefined
    await ending?.[Symbol.asyncDispose]()
  }
  const forget = async (gone: LanguageServer): Promise<void> => {
    await gone.ended
    if (server === gone) server = undefined
  }
  return {
    get pid() {
      return server?.pid
    },
    get isOver() {
      return ended.signal.aborted
    },
    stop,
    /** The server, and whether it is a new one. It stays up until {@link stopWhenIdle}. */
    ready: async (): Promise<{ readonly server: LanguageServer; readonly isNew: boolean }> => {
      idle.abort()
      if (server !== undefined) return { server, isNew: false }
      const fresh = await start(ended.signal)
      server = fresh
      void forget(fresh)
      return { server: fresh, isNew: true }
    },
    stopWhenIdle: (): void => {
      idle.abort()
      idle = new AbortController()
      void clock.sleep(options.idleMs ?? idleMs, idle.signal).then(stop, () => undefined)
    },
    end: async (): Promise<void> => {
      ended.abort()
      idle.abort()
      await stop()
    },
  }
}

/** One document. Requests follow one another: each has its own text. */
function createSession(options: TypeCheckerOptions): Session {
  const { clock } = options
  const kept = keepServer(options)
  let version = 0
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()
  const answer = async <T>(text: string, method: string, at?: Position): Promise<Answered<T>> => {
    if (kept.isOver) return { state: 'unavailable', reason: 'The controller ends.' }
    try {
      const { server, isNew } = await kept.ready()
      version = isNew ? 1 : version + 1
      showText(server, text, version)
      const value = await inTime(clock, server.request<T>(method, requestOf(at)))
      if (await isTooLarge(server.pid)) await kept.stop()
      return { state: 'ready', value }
    } catch (error) {
      await kept.stop()
      return { state: 'unavailable', reason: `The type checker failed: ${messageOf(error)}.` }
    } finally {
      kept.stopWhenIdle()
    }
  }
  return {
    get pid() {
      return kept.pid
    },
    ask: async <T>(text: string, method: string, position?: Position) => {
      if (waiting >= waitingMax) return { state: 'starting' as const }
      waiting += 1
      const mine = last.then(async () => await answer<T>(text, method, position))
      last = mine
      try {
        return await mine
      } finally {
        waiting -= 1
      }
    },
    [Symbol.asyncDispose]: async () => {
      await kept.end()
      await last
      // A start that was in progress is over now.
      await kept.end()
    },
  }
}

function showText(server: LanguageServer, text: string, version: number): void {
  if (version === 1)
    server.notify('textDocument/didOpen', {
      textDocument: { uri: documentUri, languageId: 'typescript', version, text },
    })
  else
    server.notify('textDocument/didChange', {
      textDocument: { uri: documentUri, version },
      contentChanges: [{ text }],
    })
}

function requestOf(at: Position | undefined): object {
  const textDocument = { uri: documentUri }
  if (at === undefined) return { textDocument }
  return { textDocument, position: { line: at.line - 1, character: at.column - 1 } }
}

async function inTime<T>(clock: Clock, work: Promise<T>): Promise<T> {
  const done = new AbortController()
  const late = async (): Promise<never> => {
    await clock.sleep(requestMaxMs, done.signal)
    throw new Error(`no result within ${requestMaxMs / 1_000} s`)
  }
  try {
    return await Promise.race([work, late()])
  } finally {
    done.abort()
  }
}

/** Only Linux says how much memory another process uses. Elsewhere Go's own limit must do. */
async function isTooLarge(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1]
  return kilobytes !== undefined && Number(kilobytes) * 1024 > residentMaxBytes
}
