import path from 'node:path'

import { tracks } from '#chaos/contracts/lab.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { seams } from '#services/seams.ts'

import { camelCase, type IndexLines, type NewFile, type Part } from './part.ts'
import { checkPart } from './templates/check.ts'
import { faultPart } from './templates/fault.ts'
import { labPart } from './templates/lab.ts'
import { toxicPart } from './templates/toxic.ts'

export interface PartRequest {
  readonly kind: string
  readonly name: string
  /** Of a lab. */
  readonly track?: string | undefined
  readonly seam?: string | undefined
}

/** Everything that will be written, and what the author does next. */
export interface PartPlan {
  readonly created: readonly NewFile[]
  readonly changed: NewFile
  readonly next: readonly string[]
}

/** The text of a file of the project. Undefined if the file does not exist. */
export type ReadProjectFile = (file: string) => string | undefined

const kinds = ['fault', 'check', 'lab', 'toxic'] as const

/** Names that TypeScript reserves: `export const delete` does not compile. */
const reserved = new Set(
  'await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield'.split(
    ' ',
  ),
)

/** Plans a new part. Throws {@link InputError} for an unknown kind, and for a name that is not valid or is taken. */
export function planPart(request: PartRequest, read: ReadProjectFile): PartPlan {
  const { kind, name } = request
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || reserved.has(name))
    throw new InputError(`"${name}" is not a valid name.`, {
      remedy: 'Use lower-case words with hyphens, for example slow-start.',
    })
  const part = partOf(request, read)
  const index = read(part.index.file) ?? ''
  const taken = part.files.find(({ file }) => read(file) !== undefined)?.file
  if (taken !== undefined || new RegExp(`\\b${camelCase(name)}\\b`).test(index))
    throw new InputError(`The ${kind} ${name} exists: ${taken ?? part.index.file}.`, {
      remedy: 'Choose another name.',
    })
  return {
    created: part.files,
    changed: { file: part.index.file, text: withLines(index, part.index) },
    next: part.next,
  }
}

function partOf(request: PartRequest, read: ReadProjectFile): Part {
  const { kind, name } = request
  switch (kinds.find((one) => one === kind)) {
    case 'fault':
      return faultPart(name)
    case 'check':
      return checkPart(name)
    case 'toxic':
      return toxicPart(name)
    case 'lab':
      return labOf(request, read)
    case undefined:
      throw new InputError(`"${kind}" is not a part that can be created.`, {
        remedy: `Use one of ${kinds.join(', ')}.`,
      })
  }
}

function labOf({ name, track, seam }: PartRequest, read: ReadProjectFile): Part {
  const known = Object.keys(tracks)
  if (track === undefined || !known.includes(track))
    throw new InputError(`"${track ?? ''}" is not a track of labs.`, {
      remedy: `Give --track with one of ${known.join(', ')}.`,
    })
  const found = Object.entries(seams).find(([one]) => one === seam)
  if (found === undefined)
    throw new InputError(`"${seam ?? ''}" is not a seam of the shop.`, {
      remedy: `Give --seam with one of ${Object.keys(seams).join(', ')}.`,
    })
  const [seamName, { home, services }] = found
  const folder = `services/${home}/seams`
  const shopFile = (read(`${folder}/${seamName}.ts`) ?? '').replaceAll(
    /from '(\.\.?\/[^']*)'/g,
    (_, specifier: string) => `from '#${path.posix.join(folder, specifier)}'`,
  )
  return labPart(name, { track, seam: seamName, service: services[0] ?? home, shopFile })
}

/** The index file with one import, in alphabetical order of the paths, and one entry at the end of its list. */
function withLines(text: string, { file, importLine, entry, end }: IndexLines): string {
  const lines = text.split('\n')
  const pathOf = (line: string): string => /^import .* from '(\.[^']*)'$/.exec(line)?.[1] ?? ''
  const imports = lines.flatMap((line, at) => (pathOf(line) === '' ? [] : [at]))
  const before = imports.find((at) => pathOf(lines[at] ?? '') > pathOf(importLine))
  const importAt = before ?? (imports.at(-1) ?? 0) + 1
  const listAt = lines.findIndex((line) => /^(export )?const \w+.* = (\w+\()?[[{]$/.test(line))
  const endAt = lines.indexOf(end, listAt)
  if (listAt === -1 || endAt === -1) throw new Error(`${file} has no list that ends with ${end}`)
  return lines.toSpliced(endAt, 0, entry).toSpliced(importAt, 0, importLine).join('\n')
}
