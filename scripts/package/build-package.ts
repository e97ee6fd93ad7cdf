import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

import { projectRoot } from '#chaos/home/home.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { compile } from './compile.ts'
import { packageManifest } from './manifest.ts'
import { packageFiles } from './package-files.ts'

/**
 * Writes the npm package into an empty folder: compiled programs, the built page, labs and documents. Throws {@link InputError} when
 * the page is not built.
 */
export function buildPackage(folder: string): void {
  if (!existsSync(path.join(projectRoot, 'chaos/dashboard/dist/index.html')))
    throw new InputError('The dashboard is not built: chaos/dashboard/dist is missing.', {
      remedy: 'Run: npm run prepare',
    })
  rmSync(folder, { recursive: true, force: true })
  const { compiled, copied } = packageFiles()
  const names = new Set(compiled)
  const write = (file: string, text: string): void => {
    const target = path.join(folder, file)
    mkdirSync(path.dirname(target), { recursive: true })
    writeFileSync(target, text)
  }
  for (const file of compiled)
    write(
      file.replace(/\.ts$/, '.js'),
      forUsersOfPackage(compile({ file, text: read(file) }, names)),
    )
  for (const file of copied) write(file, textOf(file, names))
  chmodSync(path.join(folder, 'chaos/cli/unhappy.js'), 0o755)
  write('package.json', json(packageManifest(JSON.parse(read('package.json')))))
  const { compilerOptions } = JSON.parse(read('tsconfig.json')) as {
    readonly compilerOptions: object
  }
  write('tsconfig.json', json({ compilerOptions }))
}

function textOf(file: string, compiled: ReadonlySet<string>): string {
  const text = read(file)
  if (file === 'chaos/cli/unhappy.js') return forUsersOfPackage(compile({ file, text }, compiled))
  // Documents outside of the labs are about the project.
  return /^(?:chaos|services|labs)\//.test(file) ? forUsersOfPackage(text) : text
}

/** `npx unhappy` works in a clone. Without one, npx would look for another package. */
function forUsersOfPackage(text: string): string {
  return text.replaceAll(/npx unhappy(?![-\w])/g, 'npx unhappy-path')
}

function read(file: string): string {
  return readFileSync(path.join(projectRoot, file), 'utf8')
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
