import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { liveFileName, lostAfterMs } from '#chaos/xray/live/live-line.ts'
import { createLiveReader } from '#chaos/xray/live/live-reader.ts'
import { withoutHistory, type XrayMatrix } from '#chaos/xray/live/xray-view.ts'
import type { Cell } from '#chaos/xray/matrix.ts'
import { parseMatrix } from '#chaos/xray/parse-matrix.ts'

import { type ArchivedXray, matrixOfLive, summaryOfDone, summaryOfLive } from './archived-xray.ts'

const resultName = 'xray.json'
/** Older X-rays are not listed. They stay on disk and can be read by id. */
const listedMax = 50

/** The X-rays in the runs folder, finished or not, of all processes: one folder per X-ray. */
export interface XrayArchive {
  folderOf(id: string): string
  /** Newest first. */
  list(): Promise<readonly ArchivedXray[]>
  /** Throws {@link InputError} for an id that is not an X-ray. */
  load(id: string): Promise<{ readonly summary: ArchivedXray; readonly matrix: XrayMatrix }>
  /** One cell with its history. Throws {@link InputError} for an unknown cell. */
  cell(id: string, cell: string): Promise<Cell>
  /** Absolute path of xray.html or xray.json. Throws {@link InputError} when the file does not exist (yet). */
  file(id: string, name: string): Promise<string>
}

interface Read {
  readonly summary: ArchivedXray
  readonly matrix: XrayMatrix
}

export function createXrayArchive(folder: string, clock: Pick<Clock, 'wallTimeMs'>): XrayArchive {
  /** Summaries of finished X-rays, with the version of the file: a matrix is large and does not change any more. */
  const known = new Map<string, { readonly version: string; readonly summary: ArchivedXray }>()
  const folderOf = (id: string): string => {
    if (!/^xray-[\w-]+$/.test(id)) throw unknownXray(id)
    return join(folder, id)
  }
  const read = async (id: string): Promise<Read | undefined> => {
    const live = await readLive(folderOf(id), id, clock)
    if (live?.summary.state === 'running') return live
    return (await readResult(folderOf(id), id)) ?? live
  }
  const load = async (id: string): Promise<Read> => {
    const found = await read(id)
    if (found === undefined) throw unknownXray(id)
    return found
  }
  const summaryOf = async (id: string): Promise<ArchivedXray | undefined> => {
    const version = await versionOf(folderOf(id))
    const kept = known.get(id)
    if (version !== undefined && kept?.version === version) return kept.summary
    const summary = (await read(id))?.summary
    if (version !== undefined && summary?.state === 'done') known.set(id, { version, summary })
    return summary
  }
  return {
    folderOf,
    list: async () => {
      const ids = (await xrayIds(folder)).toReversed().slice(0, listedMax)
      const found: ArchivedXray[] = []
      for (const id of ids) {
        // One at a time: a matrix is large, and other requests wait for this process.
        const summary = await summaryOf(id)
        if (summary !== undefined) found.push(summary)
      }
      return found
    },
    load: async (id) => {
      const { summary, matrix } = await load(id)
      return { summary, matrix: { ...matrix, cells: matrix.cells.map(withoutHistory) } }
    },
    cell: async (id, cellId) => {
      const { matrix } = await load(id)
      const cell = matrix.cells.find((one) => one.id === cellId)
      if (cell !== undefined) return cell
      throw new InputError(`The X-ray ${id} has no cell "${cellId}".`, {
        remedy: `GET /api/xrays/${id} lists its cells as STEP/COLUMN.`,
        status: 404,
      })
    },
    file: async (id, name) => {
      const path = join(folderOf(id), name)
      const exists = ['xray.html', resultName].includes(name) && (await versionAt(path))
      if (exists) return path
      throw new InputError(`The X-ray ${id} has no file "${name}".`, {
        remedy: 'Its files are xray.html and xray.json. They exist when it has finished.',
        status: 404,
      })
    },
  }
}

/** Ids of the X-rays, oldest first. */
export async function xrayIds(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((): string[] => [])
  return names.filter((name) => /^xray-[\w-]+$/.test(name)).toSorted()
}

async function readResult(folder: string, id: string): Promise<Read | undefined> {
  const text = await readFile(join(folder, resultName), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const matrix = parseMatrix(text)
  return matrix && { summary: summaryOfDone(id, matrix), matrix }
}

async function readLive(
  folder: string,
  id: string,
  clock: Pick<Clock, 'wallTimeMs'>,
): Promise<Read | undefined> {
  const path = join(folder, liveFileName)
  try {
    const { mtimeMs } = await stat(path)
    const reader = createLiveReader()
    reader.add(await readFile(path, 'utf8'))
    const summary = summaryOfLive(id, reader.state, clock.wallTimeMs() - mtimeMs > lostAfterMs)
    const matrix = matrixOfLive(reader.state)
    return summary === undefined || matrix === undefined ? undefined : { summary, matrix }
  } catch {
    return undefined
  }
}

/** Version of the result file; undefined while the X-ray runs. */
async function versionOf(folder: string): Promise<string | undefined> {
  if ((await versionAt(join(folder, liveFileName))) !== undefined) return undefined
  return await versionAt(join(folder, resultName))
}

async function versionAt(path: string): Promise<string | undefined> {
  return await stat(path).then(
    ({ mtimeMs, size }) => `${mtimeMs}-${size}`,
    () => undefined,
  )
}

function unknownXray(id: string): InputError {
  return new InputError(`There is no X-ray "${id}".`, {
    remedy: 'GET /api/xrays lists the X-rays.',
    status: 404,
  })
}
