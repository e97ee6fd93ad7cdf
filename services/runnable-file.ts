import path from 'node:path'

const root = path.join(import.meta.dirname, '..') + path.sep
const isCompiled = import.meta.filename.endsWith('.js')

/**
 * The file that Node runs for this TypeScript file (absolute): the file itself. Node runs no TypeScript below `node_modules/`, so the
 * npm package has a compiled file next to each of its own.
 */
export function runnableFile(file: string): string {
  return isCompiled && file.startsWith(root) ? file.replace(/\.ts$/, '.js') : file
}
