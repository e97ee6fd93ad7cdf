/** A file to write, relative to the project's folder, with `/`. */
export interface NewFile {
  readonly file: string
  readonly text: string
}

/** The list that a part is in: one import and one entry. */
export interface IndexLines {
  readonly file: string
  readonly importLine: string
  readonly entry: string
  /** The line that ends the list. */
  readonly end: string
}

/** What `npm run new` creates for one part. */
export interface Part {
  readonly files: readonly NewFile[]
  readonly index: IndexLines
  /** What the author does next, in order. */
  readonly next: readonly string[]
}

/** `http-cut` as a TypeScript name: `httpCut`. */
export function camelCase(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** An entry of an object: `name,` or `'http-cut': httpCut,`. */
export function objectEntry(name: string): string {
  return name === camelCase(name) ? `  ${name},` : `  '${name}': ${camelCase(name)},`
}
