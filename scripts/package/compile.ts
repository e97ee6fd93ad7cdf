import { stripTypeScriptTypes } from 'node:module'
import { posix } from 'node:path'

/**
 * The JavaScript of a source. Types become spaces, so every line and column stays. A string that names another compiled file, from
 * the folder of this file or from the project's root, gets the new ending: imports, programs, threads. Aliases such as
 * `#services/lib/redis.ts` stay: the package's manifest leads them to the compiled files.
 */
export function compile(
  source: { readonly file: string; readonly text: string },
  compiled: ReadonlySet<string>,
): string {
  const { file, text } = source
  const code = file.endsWith('.ts') ? stripTypeScriptTypes(text) : text
  return code.replaceAll(/(['"])([^'"\s]+)\.ts\1/g, (whole, quote: string, name: string) => {
    const near = posix.join(posix.dirname(file), `${name}.ts`)
    return compiled.has(near) || compiled.has(`${name}.ts`) ? `${quote}${name}.js${quote}` : whole
  })
}
