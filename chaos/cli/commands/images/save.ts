import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Writable } from 'node:stream'

import { projectRoot } from '#chaos/home/home.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'
import { imagesOf, saveImages } from '#chaos/runtime/docker/engine/images.ts'

import { defineCommand } from '../../command.ts'

const megabyte = 1024 * 1024

export default defineCommand({
  about:
    'The file is for the kind of processor that this machine has: a Mac with Apple silicon cannot use one from a PC.',
  args: {
    file: {
      type: 'positional',
      required: false,
      description: 'Where to; unhappy-images.tar.gz when absent, - for standard output.',
    },
  },
  examples: ['unhappy images save', 'unhappy images save - > images.tar.gz'],
  run: async ({ args, cli }) => {
    const names = imagesOf(await composeFile())
    cli.err.line(`Saving ${names.join(', ')} ...`)
    const file = args.file ?? 'unhappy-images.tar.gz'
    const saved =
      file === '-'
        ? await saveImages(names, process.stdout)
        : await intoFile(file, async (stream) => await saveImages(names, stream))
    if (file === '-') return
    if (cli.json) return cli.out.line(JSON.stringify({ file, ...saved }))
    cli.out.line(`${file}  ${Math.round(saved.bytes / megabyte)} MB  ${saved.architecture}`)
    cli.out.line(`sha256 ${saved.sha256}`)
    cli.err.line(`Everybody else: unhappy images load ${file}   (or: docker load --input ${file})`)
  },
})

async function composeFile(): Promise<string> {
  const path = join(projectRoot, 'docker-compose.yml')
  return await readFile(path, 'utf8').catch((error: unknown) => {
    throw new InputError(`docker-compose.yml cannot be read: ${messageOf(error)}`)
  })
}

/** Half an archive must not look like a whole one. */
async function intoFile<T>(file: string, write: (stream: Writable) => Promise<T>): Promise<T> {
  const partial = `${file}.partial`
  const stream = createWriteStream(partial)
  try {
    await once(stream, 'open')
    const result = await write(stream)
    stream.end()
    await once(stream, 'close')
    await rename(partial, file)
    return result
  } catch (error) {
    stream.destroy()
    await rm(partial, { force: true })
    if (error instanceof InputError) throw error
    throw new InputError(`${file} cannot be written: ${messageOf(error)}`, {
      remedy: 'Give the name of a file in a folder that is yours and has room.',
    })
  }
}
