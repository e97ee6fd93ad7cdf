import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

import type { LabCode } from '#chaos/contracts/api.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import type { System } from '#chaos/contracts/system.ts'
import { projectRoot } from '#chaos/home/home.ts'
import type { Home } from '#chaos/home/home.ts'

import { labFolder } from '../folders.ts'
import { declarationsIn, importsIn, mentions } from './declarations.ts'
import { readLabFiles } from './lab-files.ts'

type Shown = LabCode['types'][number]

/** How many declarations are shown. The nearest ones come first. */
const typesMax = 24

/** The learner's files, the declarations that they use, and the files of the system that the open README names. */
export async function labCode(
  { seams }: Pick<System, 'seams'>,
  home: Home,
  lab: Lab,
  readme: string,
): Promise<LabCode> {
  // The system's own file of a seam is the solution.
  const solutions = lab.seams.map(({ seam }) => seams?.fileOf(seam))
  const isSolution = (path: string): boolean => solutions.includes(path)
  return {
    files: await readLabFiles(home, lab),
    types: (await typesOf(lab)).filter(({ path }) => !isSolution(path)),
    shopFiles: await Promise.all(
      namedFiles(readme)
        .filter((path) => !isSolution(path))
        .map(async (path) => ({ path, text: await readFile(join(projectRoot, path), 'utf8') })),
    ),
  }
}

/** Files of the project that the text names, without those of labs and learners. */
function namedFiles(text: string): readonly string[] {
  const names = text.match(/\b[a-z][\w-]*(?:\/[\w-]+)+\.ts\b/g) ?? []
  return [...new Set(names)].filter(
    (path) => !/^(?:labs|my-work)\//.test(path) && existsSync(join(projectRoot, path)),
  )
}

/** What the starting code imports, then what these declarations use, and so on. */
async function typesOf(lab: Lab): Promise<readonly Shown[]> {
  const found: Shown[] = []
  const seen = new Set<string>()
  let wanted: Wanted[] = []
  for (const { seam } of lab.seams) {
    const path = join(labFolder(lab), 'start', `${seam}.ts`)
    const text = await readFile(path, 'utf8')
    // First the type of the function that the learner writes.
    const isOwn = ({ name }: Wanted): boolean =>
      new RegExp(`^export const \\w+: ${name}\\b`, 'm').test(text)
    const all = wantedBy(text, path)
    wanted.push(...all.filter(isOwn), ...all.filter((other) => !isOwn(other)))
  }
  while (wanted.length > 0 && found.length < typesMax) {
    const next: Wanted[] = []
    for (const { path, name } of wanted) {
      if (seen.has(`${path} ${name}`)) continue
      seen.add(`${path} ${name}`)
      const text = await readFile(path, 'utf8').catch(() => '')
      const all = declarationsIn(text)
      const one = all.find((declaration) => declaration.name === name)
      if (one === undefined) continue
      found.push({
        title: name,
        path: relative(projectRoot, path).replaceAll(sep, '/'),
        text: one.text,
      })
      // The body of a function is not part of its type.
      if (!/^export (?:interface|type) /m.test(one.text)) continue
      const others = [...all.map((other) => ({ path, name: other.name })), ...wantedBy(text, path)]
      next.push(...others.filter((other) => mentions(one.text, other.name)))
    }
    wanted = next
  }
  return found.slice(0, typesMax)
}

interface Wanted {
  readonly path: string
  readonly name: string
}

/** What the text imports from files of the project. */
function wantedBy(text: string, file: string): Wanted[] {
  return importsIn(text).flatMap(({ from, names }) => {
    const path = pathOf(from, file)
    return path === undefined ? [] : names.map((name) => ({ path, name }))
  })
}

/** Undefined for what is not a file of the project. */
function pathOf(specifier: string, file: string): string | undefined {
  if (!/^[#.]/.test(specifier)) return undefined
  const url = specifier.startsWith('#')
    ? import.meta.resolve(specifier)
    : new URL(specifier, pathToFileURL(file)).href
  // In the npm package an alias leads to the compiled file. The source is next to it.
  return fileURLToPath(url).replace(/\.js$/, '.ts')
}
