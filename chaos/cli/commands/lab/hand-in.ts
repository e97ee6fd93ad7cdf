import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

import { handInFormat } from '#chaos/grading/hand-in.ts'
import { packHandIn } from '#chaos/grading/pack-hand-in.ts'
import type { Packed } from '#chaos/grading/pack-hand-in.ts'
import { readVersion } from '#chaos/home/read-version.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'
import { writeAtomically } from '#chaos/lib/write-atomically.ts'
import { labs } from '#labs/index.ts'

import type { Cli } from '../../cli.ts'
import { defineCommand } from '../../command.ts'
import { openLabControl } from '../../lab/lab-control.ts'

export default defineCommand({
  about:
    'Packs your work into one file for your instructor: your code, prediction, explanation, five lenses, hints, and the outcomes and seeds of your runs. It prints what is in the file and sends nothing. The file is JSON: read it before you hand it in.',
  args: {
    lab: {
      type: 'positional',
      required: false,
      description: 'Names of labs. Without a name: every lab that has code of yours.',
    },
    out: {
      type: 'string',
      valueHint: 'file',
      default: 'hand-in.json',
      description: 'The file to write. An earlier hand-in there is replaced.',
    },
    name: {
      type: 'string',
      valueHint: 'text',
      description: 'Your name. Without it, the file contains no name.',
    },
  },
  acceptsExtraArguments: true,
  examples: [
    'unhappy lab hand-in',
    'unhappy lab hand-in dual-write oversell --name Ada --out ada.json',
  ],
  run: async ({ args, cli }) => {
    const packed = await packHandIn({
      labs,
      ids: args._,
      name: args.name,
      version: await readVersion(),
      home: cli.home,
      control: openLabControl(cli),
    })
    const out = resolve(args.out)
    await refuseOtherFile(out)
    await writeAtomically(out, packed.text).catch((error: unknown) => {
      throw new InputError(`${out} cannot be written: ${messageOf(error)}.`, {
        remedy: 'Name another file with --out.',
      })
    })
    if (cli.json) return cli.out.line(JSON.stringify({ file: out, ...packed.handIn }))
    printContents(cli, out, packed)
  },
})

function printContents({ out }: Cli, file: string, { handIn, text }: Packed): void {
  const { bold } = out.colours
  out.line(`${bold(file)}  (${(Buffer.byteLength(text) / 1_024).toFixed(1)} KB)`)
  out.line(`Name: ${handIn.name ?? 'none (add it with --name)'}`)
  for (const { lab, files, prediction, explanation, lenses, hintsUsed, runs } of handIn.labs) {
    const lensCount = Object.values(lenses).filter((lens) => lens !== '').length
    const parts = [
      files.map(({ seam }) => `${seam}.ts`).join(', '),
      prediction === null ? 'no prediction' : 'prediction',
      explanation === null ? 'no explanation' : 'explanation',
      `${lensCount} of 5 lenses`,
      `hints: ${hintsUsed}`,
      `runs: ${runs.length}`,
    ]
    out.line(`  ${bold(lab)}  ${parts.join(', ')}`)
  }
  out.line('Nothing else is in the file. Give it to your instructor.')
}

/** Only a hand-in is replaced: a wrong --out must not cost a file. */
async function refuseOtherFile(path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new InputError(`${path} cannot be replaced (${error.code ?? ''}).`, {
      remedy: 'Name another file with --out.',
    })
  })
  if (text === undefined || text.includes(`"format": "${handInFormat}"`)) return
  throw new InputError(`${path} exists, and is not a hand-in.`, {
    remedy: 'Name another file with --out.',
  })
}
