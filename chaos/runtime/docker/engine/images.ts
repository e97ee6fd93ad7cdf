import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { createGunzip, createGzip } from 'node:zlib'

import { parse } from 'yaml'

import { InputError, messageOf } from '#chaos/lib/errors.ts'

import { connectEngine, engineStatusOf } from './connect-engine.ts'
import type { Docker } from './connect-engine.ts'

export interface SavedImages {
  readonly names: readonly string[]
  /** Processor of the images, such as `amd64`: on another they run slowly or not at all. */
  readonly architecture: string
  readonly bytes: number
  readonly sha256: string
}

/** A method of dockerode that its types lack. */
interface ManyImages {
  getImages(options: { readonly names: readonly string[] }): Promise<Readable>
}

/**
 * Names of the images that `docker compose up` needs, each once: those of the profiles of a Compose file are not among them. Like
 * Compose, it replaces `${NAME:-default}` by a variable of the environment.
 */
export function imagesOf(
  composeFile: string,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const { services } = parse(composeFile, { merge: true }) as {
    services: Readonly<
      Record<string, { readonly image: string; readonly profiles?: readonly string[] }>
    >
  }
  const always = Object.values(services).filter(({ profiles }) => profiles === undefined)
  const names = always.map(({ image }) =>
    image.replaceAll(
      /\$\{(\w+):-([^}]*)\}/g,
      (_, name: string, standard: string) => environment[name] || standard,
    ),
  )
  return [...new Set(names)].toSorted()
}

/**
 * Writes the images into one compressed archive, like `docker save | gzip`. Throws InputError when
 * an image is not on this machine. Leaves `to` open.
 */
export async function saveImages(names: readonly string[], to: Writable): Promise<SavedImages> {
  const docker = await connectEngine()
  const architecture = await architectureOf(docker, names)
  const hash = createHash('sha256')
  let bytes = 0
  const archive = await (docker as unknown as ManyImages).getImages({ names })
  const gzip = createGzip({ level: 6 })
  archive.on('error', (error) => gzip.destroy(error))
  for await (const chunk of archive.pipe(gzip) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    bytes += chunk.length
    if (!to.write(chunk)) await once(to, 'drain')
  }
  return { names, architecture, bytes, sha256: hash.digest('hex') }
}

/**
 * Loads an archive of {@link saveImages} or `docker save`. Returns the names of its images. Throws
 * InputError when it is not an archive.
 */
export async function loadImages(from: Readable): Promise<readonly string[]> {
  const docker = await connectEngine()
  const gunzip = createGunzip()
  const failed = Promise.withResolvers<never>()
  for (const stream of [from, gunzip]) stream.on('error', failed.reject)
  const load = async (): Promise<readonly string[]> => {
    const answer = await docker.loadImage(from.pipe(gunzip))
    const loaded: string[] = []
    for await (const line of createInterface({ input: answer })) loaded.push(...readAnswer(line))
    return loaded
  }
  try {
    return await Promise.race([load(), failed.promise])
  } catch (error) {
    throw new InputError(`The file is not an archive of images: ${messageOf(error)}`, {
      remedy: 'Create one on a machine that has the images: unhappy images save',
    })
  }
}

function readAnswer(line: string): readonly string[] {
  const { stream = '', error } = JSON.parse(line) as { stream?: string; error?: string }
  if (error !== undefined) throw new Error(error)
  const name = /^Loaded image(?: ID)?: (.+)$/m.exec(stream)?.[1]
  return name === undefined ? [] : [name]
}

async function architectureOf(docker: Docker, names: readonly string[]): Promise<string> {
  const found = new Set<string>()
  for (const name of names) {
    try {
      found.add((await docker.getImage(name).inspect()).Architecture)
    } catch (error) {
      if (engineStatusOf(error) !== 404) throw error
      throw new InputError(`The image ${name} is not on this machine.`, {
        remedy: 'Get all images: docker compose build, then docker compose pull --ignore-buildable',
      })
    }
  }
  return [...found].join('+')
}
