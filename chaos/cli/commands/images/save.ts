import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Writable } from 'node:stream'

import { projectRoot } from '#chaos/home/home.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'
import { imagesOf, saveImages } from '#chaos/runtime/docker/engine/images.ts'
import { system } from '#chaos/system.ts'

import { defineCommand } from '../../command.ts'

const megabyte = 1024 * 1024

export default defineCommand({
  about:
    'The images fit the processor of this machine: a Mac with Apple silicon cannot use images from a PC.',
  args: {
    file: {
      type: 'positional',
      required: false,
      description: 'The file to write, or - for standard output. Default: unhappy-images.tar.gz.',
    },
  },
  examples: ['unhappy images save', 'unhappy images save - > images.tar.gz'],
  run: async ({ args, cli }) => {
    const names = imagesOf(await composeFile(), cli.environment)
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
    cli.err.line(
      `On the other machines: unhappy images load ${file}   (or: docker load --input ${file})`,
    )
  },
})

async function composeFile(): Promise<string> {
  const { name, composeFile: file } = system
  if (file === undefined)
    throw new InputError(`The ${name} does not run in Docker: it has no images.`)
  return await readFile(join(projectRoot, file), 'utf8').catch((error: unknown) => {
    throw new InputError(`${file} cannot be read: ${messageOf(error)}`)
  })
}

/** Writes to a `.partial` file first: an incomplete archive must not have the final name. */
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
      remedy: 'Choose a folder that you can write to and that has enough space.',
    })
  }
}
