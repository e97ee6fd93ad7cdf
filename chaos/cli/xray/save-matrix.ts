import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'

import { InputError, messageOf } from '#chaos/lib/errors.ts'
import type { Matrix } from '#chaos/xray/matrix.ts'
import { xrayPage } from '#chaos/xray/page.ts'

import type { Cli } from '../cli.ts'

/** Where the X-ray was written, as people read it. */
export interface SavedMatrix {
  readonly json: string
  readonly page: string
}

/** Writes xray.json and xray.html. */
export async function saveMatrix(
  cli: Cli,
  matrix: Matrix,
  out: string | undefined,
): Promise<SavedMatrix> {
  const stamp = matrix.startedAt.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')
  const folder =
    out === undefined ? join(cli.home.runs, `xray-${stamp}-${matrix.flow}`) : resolve(out)
  await mkdir(folder, { recursive: true })
  const json = join(folder, 'xray.json')
  const page = join(folder, 'xray.html')
  await writeFile(json, `${JSON.stringify(matrix)}\n`)
  await writeFile(page, xrayPage(matrix))
  return { json: readable(cli, json), page: readable(cli, page) }
}

/** Reads an X-ray; without a path the latest in runs/. Throws {@link InputError}. */
export async function loadMatrix(cli: Cli, path: string | undefined): Promise<Matrix> {
  const file = path ?? (await latest(cli))
  try {
    const matrix = JSON.parse(await readFile(file, 'utf8')) as Matrix
    if (matrix.kind === 'failure-matrix' && matrix.v === 1) return matrix
  } catch (error) {
    throw new InputError(`${file} cannot be read: ${messageOf(error)}.`, {
      remedy: 'Give the xray.json of an X-ray.',
    })
  }
  throw new InputError(`${file} is no X-ray.`, { remedy: 'Give the xray.json of an X-ray.' })
}

async function latest(cli: Cli): Promise<string> {
  const names = await readdir(cli.home.runs).catch(() => [] as string[])
  const last = names
    .filter((name) => name.startsWith('xray-'))
    .toSorted()
    .at(-1)
  if (last !== undefined) return join(cli.home.runs, last, 'xray.json')
  throw new InputError('There is no X-ray in runs/.', { remedy: 'Make one: unhappy xray' })
}

function readable({ home }: Cli, path: string): string {
  const short = relative(home.folder, path)
  return short.startsWith('..') ? path : short
}
