import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'

import { InputError, messageOf } from '#chaos/lib/errors.ts'
import { system } from '#chaos/system.ts'
import type { Matrix } from '#chaos/xray/matrix.ts'
import { parseMatrix } from '#chaos/xray/parse-matrix.ts'
import { writeMatrix } from '#chaos/xray/write-matrix.ts'

import type { Cli } from '../cli.ts'

/** Paths of a saved X-ray, relative to the home folder if they are in it. */
export interface SavedMatrix {
  readonly json: string
  readonly page: string
}

/** Makes the folder for an X-ray: `out`, or a new folder in runs/. */
export async function makeXrayFolder(
  cli: Cli,
  { flow, startedAt, out }: { flow: string; startedAt: string; out: string | undefined },
): Promise<string> {
  const stamp = startedAt.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')
  const folder = out === undefined ? join(cli.home.runs, `xray-${stamp}-${flow}`) : resolve(out)
  await mkdir(folder, { recursive: true })
  return folder
}

/** Writes xray.json and xray.html. */
export async function saveMatrix(
  cli: Cli,
  matrix: Matrix,
  folder: string,
  of: { readonly name: string } = system,
): Promise<SavedMatrix> {
  const { json, page } = await writeMatrix(folder, matrix, of)
  return { json: readable(cli, json), page: readable(cli, page) }
}

/** Reads an X-ray. Default: the latest in runs/. Throws {@link InputError}. */
export async function loadMatrix(cli: Cli, path: string | undefined): Promise<Matrix> {
  const file = path ?? (await latest(cli))
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new InputError(`${file} cannot be read: ${messageOf(error)}.`, {
      remedy: 'Use the xray.json of an X-ray.',
    })
  })
  const matrix = parseMatrix(text)
  if (matrix !== undefined) return matrix
  throw new InputError(`${file} is not an X-ray.`, { remedy: 'Use the xray.json of an X-ray.' })
}

async function latest(cli: Cli): Promise<string> {
  const names = await readdir(cli.home.runs).catch(() => [] as string[])
  const files = names
    .filter((name) => name.startsWith('xray-'))
    .toSorted()
    .toReversed()
    .map((name) => join(cli.home.runs, name, 'xray.json'))
  // An X-ray that is running or was stopped has no xray.json.
  const last = files.find((file) => existsSync(file))
  if (last !== undefined) return last
  throw new InputError('There is no X-ray in runs/.', { remedy: 'Create one: unhappy xray' })
}

function readable({ home }: Cli, path: string): string {
  const short = relative(home.folder, path)
  return short.startsWith('..') ? path : short
}
