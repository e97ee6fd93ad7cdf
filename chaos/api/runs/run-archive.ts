import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { Type } from 'typebox'
import { Check } from 'typebox/value'

import type { RunSummary, RunView } from '#chaos/contracts/api.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { parseJsonLines } from '#chaos/lib/json-lines.ts'
import { writeAtomically } from '#chaos/lib/write-atomically.ts'

const recordName = 'run.json'
/** Older runs are not listed. They stay on disk and can be read by id. */
const listedMax = 200

/** Content of `run.json`. */
export type RunRecord = Omit<RunView, 'files'>

/** Past runs, one folder per run. Methods throw {@link InputError} for an id that is not a run. */
export interface RunArchive {
  folderOf(id: string): string
  create(id: string): Promise<string>
  save(record: RunRecord): Promise<void>
  load(id: string): Promise<RunRecord>
  /** Newest first. */
  list(): Promise<readonly RunSummary[]>
  filesOf(id: string): Promise<readonly string[]>
  /** Absolute path. Throws {@link InputError} when the run's folder has no such file. */
  file(id: string, name: string): Promise<string>
  journal(id: string): Promise<readonly SandboxEvent[]>
}

export function createRunArchive(folder: string): RunArchive {
  const folderOf = (id: string): string => {
    if (!/^[\w-]+$/.test(id)) throw unknownRun(id)
    return join(folder, id)
  }
  const filesOf = async (id: string): Promise<readonly string[]> => {
    const entries = await readdir(folderOf(id), { recursive: true, withFileTypes: true }).catch(
      () => [],
    )
    const base = folderOf(id).length + 1
    return entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.tmp'))
      .map((entry) => join(entry.parentPath, entry.name).slice(base).replaceAll('\\', '/'))
      .toSorted()
  }
  const load = async (id: string): Promise<RunRecord> => {
    const text = await readFile(join(folderOf(id), recordName), 'utf8').catch(() => undefined)
    if (text === undefined) throw unknownRun(id)
    return parseRecord(id, text)
  }
  return {
    folderOf,
    filesOf,
    load,
    create: async (id) => {
      await mkdir(folderOf(id), { recursive: true })
      return folderOf(id)
    },
    save: async (record) =>
      writeAtomically(
        join(folderOf(record.id), recordName),
        `${JSON.stringify(record, null, 2)}\n`,
      ),
    list: async () => {
      const names = await readdir(folder).catch(() => [] as string[])
      // Other entries are not runs, such as the link `latest`.
      const ids = names
        .filter((name) => /^\d{8}-/.test(name))
        .toSorted()
        .toReversed()
      const records = await Promise.all(
        ids.slice(0, listedMax).map(async (id) => load(id).catch(() => undefined)),
      )
      return records.filter((record) => record !== undefined).map((record) => summaryOf(record))
    },
    file: async (id, name) => {
      if ((await filesOf(id)).includes(name)) return join(folderOf(id), name)
      throw new InputError(`The run ${id} has no file "${name}".`, {
        remedy: `GET /api/runs/${id} lists its files.`,
        status: 404,
      })
    },
    journal: async (id) => {
      const text = await readFile(join(folderOf(id), 'journal.jsonl'), 'utf8').catch(() => '')
      return parseJsonLines(text) as SandboxEvent[]
    },
  }
}

/** What every version of the program writes into a record, and the readers need. */
const RecordSchema = Type.Object({
  id: Type.String(),
  title: Type.String(),
  seed: Type.Number(),
  startedAt: Type.String(),
  state: Type.String(),
  folder: Type.String(),
  checks: Type.Array(Type.Object({ name: Type.String(), outcome: Type.String() })),
})

function parseRecord(id: string, text: string): RunRecord {
  try {
    const record: unknown = JSON.parse(text)
    if (Check(RecordSchema, record)) return record as unknown as RunRecord
  } catch {
    // Not JSON: the same error.
  }
  throw new InputError(`The record of the run ${id} is damaged: ${recordName} is not a run.`, {
    remedy: 'Remove the folder of the run, or restore the file.',
    status: 422,
  })
}

export function summaryOf(record: RunSummary): RunSummary {
  const { id, title, lab, version, seed, startedAt, endedAt, zeroMs, state, outcome, headline } =
    record
  return {
    id,
    title,
    ...(lab === undefined ? {} : { lab }),
    ...(version === undefined ? {} : { version }),
    seed,
    startedAt,
    endedAt,
    ...(zeroMs === undefined ? {} : { zeroMs }),
    state,
    outcome,
    headline,
  }
}

function unknownRun(id: string): InputError {
  return new InputError(`There is no run "${id}".`, {
    remedy: 'GET /api/runs lists the runs.',
    status: 404,
  })
}
