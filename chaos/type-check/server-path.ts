import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * The compiler's executable. It is in a package per platform, which `typescript` depends on optionally, so it can be absent.
 * Throws an error that names the package.
 */
export function languageServerPath(): string {
  const typescript = createRequire(import.meta.url).resolve('typescript/package.json')
  const name = `@typescript/typescript-${process.platform}-${process.arch}/package.json`
  const manifest = createRequire(typescript).resolve(name)
  return join(dirname(manifest), 'lib', process.platform === 'win32' ? 'tsc.exe' : 'tsc')
}
