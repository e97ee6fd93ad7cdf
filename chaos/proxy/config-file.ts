import { readFile } from 'node:fs/promises'

import { InputError, messageOf } from '#chaos/lib/errors.ts'

import { parseGoJson } from './http/go-json.ts'
import { populateInput } from './http/inputs.ts'
import { DataPlaneError } from './plane/data-plane-error.ts'
import type { DataPlane, ProxyInput } from './plane/data-plane.ts'

/**
 * Creates the proxies of a configuration file. Throws an InputError that names the file, the proxy and one cause, with one
 * remedy. If a proxy cannot listen, the proxies before it stay. Returns all proxies of the file; the optional ones do not exist
 * yet.
 */
export async function applyConfigFile(
  plane: DataPlane,
  file: string,
): Promise<readonly ProxyInput[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw unreadable(file, error)
  })
  try {
    const inputs = populateInput(parseGoJson(text))
    refuseSameName(inputs)
    let created = 0
    await plane
      .populate(
        inputs.filter(({ optional }) => optional !== true),
        () => void created++,
      )
      .catch((error: unknown) => {
        if (error instanceof DataPlaneError) error.places.unshift(`proxy ${created + 1}`)
        throw error
      })
    return inputs
  } catch (error) {
    if (error instanceof DataPlaneError) throw configError(file, error)
    throw error
  }
}

/** The API replaces a proxy by a later one with the same name. In a file, that is a mistake. */
function refuseSameName(inputs: readonly ProxyInput[]): void {
  for (const [index, { name }] of inputs.entries()) {
    const first = inputs.findIndex((other) => other.name === name)
    if (first === index) continue
    const error = new DataPlaneError(409, 'proxy already exists', {
      plain: `"${name}" is already the name of proxy ${first + 1}`,
      remedy: 'Give each proxy its own name.',
    })
    error.places.push(`proxy ${index + 1}`)
    throw error
  }
}

function configError(file: string, error: DataPlaneError): InputError {
  const { places, message, plain = message, remedy } = error
  const where = places.length === 0 ? file : `${file}: ${places.join(', ')}:`
  return new InputError(`${where} ${plain}.`, { remedy: remedy ?? remedyAt(places) })
}

function remedyAt(places: readonly string[]): string {
  if (places.some((place) => place.startsWith('toxic')))
    return '`unhappy toxic kinds` lists the toxics and their attributes.'
  return 'Example of a file: [{"name": "redis", "listen": "127.0.0.1:26379", "upstream": "127.0.0.1:6379"}]'
}

/** By error code of the file system. */
const unreadables: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  ENOENT: ['does not exist', 'Check the path: a relative path starts at the current folder.'],
  EISDIR: ['is a folder', 'Give a JSON file.'],
  EACCES: ['cannot be read by this user', 'Give this user the right to read it.'],
}

function unreadable(file: string, error: unknown): InputError {
  const { code = '' } = error as NodeJS.ErrnoException
  const [what, remedy] = unreadables[code] ?? [
    `cannot be read: ${messageOf(error)}`,
    'Give a JSON file.',
  ]
  return new InputError(`${file} ${what}.`, { remedy, cause: error })
}
