import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { inspect, types } from 'node:util'

/** Why a file does not load. */
export interface LoadFailure {
  /** One line: `SyntaxError: Expression expected`. */
  readonly message: string
  readonly place?: Place
}

export interface Place {
  /** Absolute path. */
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly column: number
  /** The line of the source. */
  readonly source: string
}

const messageMax = 400
const sourceMax = 200

/**
 * What `import(file)` rejected with, in words. Never throws: a file can throw any value, also an
 * object whose getters throw.
 */
export function explainLoadFailure(error: unknown, file: string): LoadFailure {
  if (!types.isNativeError(error)) return { message: `it throws ${show(error)}, not an Error` }
  const stack = read(error, 'stack')
  const text = read(error, 'message').split('\n')[0] ?? ''
  const imported = missingImport(text, read(error, 'code'), file)
  if (imported !== undefined) return imported
  const name = read(error, 'name') || 'Error'
  const json = /^(\/.+?): (.*) \(line (\d+) column (\d+)\)$/.exec(text)
  if (json !== null) {
    const [, data = '', what = '', line, column] = json
    return { message: `${name}: ${what}`, place: placeAt(data, Number(line), Number(column)) }
  }
  const place = placeOfSyntaxError(stack) ?? placeInStack(stack, file)
  return { message: shorten(`${name}: ${text}`, messageMax), ...(place && { place }) }
}

/** Any value on one line, without calling its code. */
function show(value: unknown): string {
  try {
    const options = { depth: 1, breakLength: Infinity, customInspect: false, showProxy: true }
    return shorten(inspect(value, options).replaceAll(/\s*\n\s*/g, ' '), messageMax)
  } catch {
    return `a value of type ${typeof value}`
  }
}

/** A property as text; empty if its getter throws. */
function read(error: object, name: string): string {
  try {
    const value: unknown = Reflect.get(error, name)
    return typeof value === 'string' ? value : ''
  } catch {
    return ''
  }
}

/**
 * Node writes the position of a syntax error above the message: the file with the line, then the
 * line itself, then a caret below the column. It does so in the stack or on standard error.
 */
export function placeOfSyntaxError(text: string): Place | undefined {
  const found = /^((?:file:\/\/)?\/.*?):(\d+)\r?\n(?:.*\n)?(.*)\n([ \t]*)\^/m.exec(text)
  if (found === null) return undefined
  const [, file = '', line = '', source = '', indent = ''] = found
  return placeAt(pathOf(file), Number(line), indent.length + 1, source)
}

/** The first call in the file itself; otherwise the first one in any file that is not of a package. */
function placeInStack(stack: string, file: string): Place | undefined {
  const frames = [...stack.matchAll(/^ +at (?:.*\()?(file:\/\/\/\S+?|\/\S+?):(\d+):(\d+)\)?$/gm)]
    .map(([, address = '', line, column]) => ({
      path: pathOf(address.split('?')[0] ?? ''),
      line: Number(line),
      column: Number(column),
    }))
    .filter(({ path }) => !path.includes('/node_modules/'))
  const frame = frames.find(({ path }) => path === file) ?? frames[0]
  return frame === undefined ? undefined : placeAt(frame.path, frame.line, frame.column)
}

/** An import of something that does not exist: which one, and where. Node's error has no position. */
function missingImport(message: string, code: string, file: string): LoadFailure | undefined {
  if (
    !/^ERR_(?:MODULE_NOT_FOUND|UNKNOWN_BUILTIN_MODULE|UNSUPPORTED_DIR_IMPORT|PACKAGE_)/.test(code)
  )
    return undefined
  const importer = / imported from (\/.*)$/.exec(message)?.[1] ?? file
  const missing = /['"]([^'"]+)['"]|: (node:\S+)/.exec(message)
  const name = missing?.[1] ?? missing?.[2] ?? ''
  const lines = linesOf(importer)
  for (const [i, source] of lines.entries())
    for (const found of source.matchAll(/(?:from|import)\s*\(?\s*(['"])(.+?)\1/g)) {
      const specifier = found[2] ?? ''
      if (!leadsTo(specifier, name, importer)) continue
      return {
        message: `the import "${shorten(specifier, messageMax)}" does not exist (${code})`,
        place: placeAt(importer, i + 1, source.indexOf(specifier, found.index) + 1, source),
      }
    }
  return { message: `${shorten(message, messageMax)} (${code})` }
}

/** Whether the error's name for what is missing stands for this import. */
function leadsTo(specifier: string, name: string, importer: string): boolean {
  if (specifier === name || specifier.startsWith(`${name}/`)) return true
  // An alias of package.json, such as #services/...
  if (specifier.startsWith('#'))
    return withoutExtension(name).endsWith(`/${withoutExtension(specifier).slice(1)}`)
  if (!/^[./]/.test(specifier)) return false
  try {
    return fileURLToPath(new URL(specifier, `file://${importer}`)) === name
  } catch {
    return false
  }
}

/** An alias of the npm package leads to the compiled file. */
function withoutExtension(name: string): string {
  return name.replace(/\.[jt]s$/, '')
}

function placeAt(file: string, line: number, column: number, source?: string): Place {
  const text = source ?? linesOf(file)[line - 1] ?? ''
  return { file, line, column, source: text.trimEnd() }
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/)
  } catch {
    return []
  }
}

function pathOf(address: string): string {
  try {
    return address.startsWith('file:') ? fileURLToPath(address) : address
  } catch {
    return address
  }
}

/** The line of the source as it fits into a message. */
export function shortSource({ source }: Pick<Place, 'source'>): string {
  return shorten(source.trim(), sourceMax)
}

function shorten(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max)} ...`
}
