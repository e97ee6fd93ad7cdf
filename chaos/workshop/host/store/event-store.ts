import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import type { Clock } from '#chaos/lib/clock.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'

import type { StoredEvent, WorkshopEvent } from './events.ts'

/** What stays the same for a workshop, even after a restart. */
export interface WorkshopSettings {
  readonly title: string
  readonly startedAt: string
  readonly code: string
  readonly instructorToken: string
  readonly projectorToken: string
}

/** Reports that arrive within this time are written with one access to the disk. */
const groupCommitMs = 4

/**
 * The events of one workshop in a file. When a method has resolved or returned, its events are on disk and in `onStored`.
 * The store has the file alone: a second host with the same folder is refused.
 */
export interface EventStore extends Disposable {
  readonly settings: WorkshopSettings
  /** The events that were stored earlier, oldest first. */
  all(): Iterable<StoredEvent>
  /** Everything about one learner, oldest first. */
  of(learner: string): readonly StoredEvent[]
  /** Writes at once. */
  append(...events: readonly WorkshopEvent[]): readonly StoredEvent[]
  /** Writes together with what others append at the same time. A report that is stored already is left out. */
  appendSoon(events: readonly WorkshopEvent[]): Promise<void>
}

export interface EventStoreOptions {
  readonly folder: string
  readonly clock: Clock
  /** The settings of a new workshop. Not called if the folder has one. */
  settings(): WorkshopSettings
  /** Called for each event that is new on disk. */
  readonly onStored: (event: StoredEvent) => void
}

const schema = `
  CREATE TABLE IF NOT EXISTS settings (one INTEGER PRIMARY KEY CHECK (one = 1), body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL, learner TEXT, report TEXT, body TEXT NOT NULL
  );
  CREATE UNIQUE INDEX IF NOT EXISTS report_once ON events (learner, report) WHERE report IS NOT NULL;
  CREATE INDEX IF NOT EXISTS of_learner ON events (learner, seq);
`

/** Throws {@link InputError} if another host uses the folder, or the file is not a workshop. */
export function openEventStore(options: EventStoreOptions): EventStore {
  const { clock, onStored } = options
  const path = join(options.folder, 'workshop.db')
  const database = openDatabase(options.folder, path)
  const settings = settingsOf(database, options)
  const insert = database.prepare(
    'INSERT INTO events (seq, at, learner, report, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (learner, report) WHERE report IS NOT NULL DO NOTHING',
  )
  let last = Number(
    database.prepare('SELECT coalesce(max(seq), 0) AS seq FROM events').get()?.['seq'],
  )
  let waiting: { readonly events: WorkshopEvent[]; readonly written: Promise<unknown> } | undefined

  const append = (events: readonly WorkshopEvent[]): readonly StoredEvent[] => {
    const at = new Date(clock.wallTimeMs()).toISOString()
    const stored: StoredEvent[] = []
    let seq = last
    database.exec('BEGIN IMMEDIATE')
    try {
      for (const event of events) {
        const learner = 'learner' in event ? event.learner : null
        const report = event.kind === 'report' ? event.report.id : null
        const { changes } = insert.run(seq + 1, at, learner, report, JSON.stringify(event))
        if (Number(changes) > 0) stored.push({ ...event, seq: ++seq, at })
      }
      database.exec('COMMIT')
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw cannotWrite(path, error)
    }
    last = seq
    for (const event of stored) onStored(event)
    return stored
  }

  return {
    settings,
    *all() {
      const rows = database.prepare('SELECT seq, at, body FROM events ORDER BY seq').iterate()
      for (const row of rows) yield storedEvent(row)
    },
    of: (learner) =>
      database
        .prepare('SELECT seq, at, body FROM events WHERE learner = ? ORDER BY seq')
        .all(learner)
        .map((row) => storedEvent(row)),
    append: (...events) => append(events),
    appendSoon: async (events) => {
      if (waiting === undefined) {
        const together: WorkshopEvent[] = []
        const written = clock.sleep(groupCommitMs).then(() => {
          waiting = undefined
          return append(together)
        })
        waiting = { events: together, written }
      }
      waiting.events.push(...events)
      await waiting.written
    },
    [Symbol.dispose]: () => database.close(),
  }
}

function openDatabase(folder: string, path: string): DatabaseSync {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path)
    // It contains names and tokens.
    chmodSync(path, 0o600)
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;')
    // Acknowledged means on disk, even after a power failure.
    database.exec('PRAGMA synchronous = FULL;')
    database.exec(`BEGIN IMMEDIATE; ${schema} COMMIT;`)
    return database
  } catch (error) {
    database?.close()
    if (messageOf(error).includes('locked'))
      throw new InputError(`Another workshop host uses ${folder}.`, {
        remedy: 'End it, or start another workshop: unhappy workshop host --title NAME',
        status: 409,
        cause: error,
      })
    throw new InputError(`${path} cannot be opened: ${messageOf(error)}.`, {
      remedy: 'Move the folder away, or start another workshop: unhappy workshop host --title NAME',
    })
  }
}

function settingsOf(database: DatabaseSync, options: EventStoreOptions): WorkshopSettings {
  const row = database.prepare('SELECT body FROM settings').get()
  if (row !== undefined) return JSON.parse(String(row['body'])) as WorkshopSettings
  const settings = options.settings()
  database.prepare('INSERT INTO settings (one, body) VALUES (1, ?)').run(JSON.stringify(settings))
  return settings
}

function storedEvent(row: Readonly<Record<string, unknown>>): StoredEvent {
  const event = JSON.parse(String(row['body'])) as WorkshopEvent
  return { ...event, seq: Number(row['seq']), at: String(row['at']) }
}

function cannotWrite(path: string, error: unknown): InputError {
  return new InputError(`The host cannot write ${path}: ${messageOf(error)}.`, {
    remedy: 'Free space on its disk. The sandboxes keep their reports and send them again.',
    status: 503,
  })
}
