import { createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'

import { InputError, messageOf } from '#chaos/lib/errors.ts'
import { loadImages } from '#chaos/runtime/docker/engine/images.ts'

import { defineCommand } from '../../command.ts'

export default defineCommand({
  about: 'Afterwards docker compose up needs no network.',
  args: {
    file: {
      type: 'positional',
      required: true,
      description: 'A file from `unhappy images save`, or - for standard input.',
    },
  },
  examples: ['unhappy images load unhappy-images.tar.gz'],
  run: async ({ args, cli }) => {
    const { file } = args
    if (file !== '-')
      await access(file).catch((error: unknown) => {
        throw new InputError(`${file} cannot be read: ${messageOf(error)}`, {
          remedy: 'Use a file from `unhappy images save`.',
        })
      })
    cli.err.line(`Loading ${file === '-' ? 'the images' : file} ...`)
    const names = await loadImages(file === '-' ? process.stdin : createReadStream(file))
    if (cli.json) return cli.out.line(JSON.stringify({ loaded: names }))
    for (const name of names) cli.out.line(name)
    cli.err.line('Next: docker compose up --wait')
  },
})
