/** One declaration at the top level of a file, with the comment above it. */
export interface Declaration {
  readonly name: string
  readonly text: string
}

/** What a file imports from one other file. */
export interface Import {
  readonly from: string
  readonly names: readonly string[]
}

/** The declarations of a formatted TypeScript file: an empty line, and no open bracket, ends each. */
export function declarationsIn(text: string): readonly Declaration[] {
  const chunks: string[][] = [[]]
  let depth = 0
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '' && depth <= 0) chunks.push([])
    else {
      chunks.at(-1)?.push(line)
      depth += depthChange(line)
    }
  }
  return chunks.flatMap((lines) => {
    const name = lines
      .map((line) =>
        /^export (?:interface|type|class|function|async function|const) (\w+)/.exec(line),
      )
      .find((found) => found !== null)?.[1]
    return name === undefined ? [] : [{ name, text: lines.join('\n') }]
  })
}

/** Named imports: `import type { A, B as C } from '../x.ts'`. */
export function importsIn(text: string): readonly Import[] {
  return [...text.matchAll(/^import (?:type )?\{([^}]*)\} from '([^']+)'/gm)].map(
    ([, names = '', from = '']) => ({
      from,
      names: names
        .split(',')
        .map((name) => /^(?:type )?(\w+)/.exec(name.trim())?.[1] ?? '')
        .filter((name) => name !== ''),
    }),
  )
}

/** Whether the text uses the name, outside of its comments. */
export function mentions(text: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(withoutComments(text))
}

function depthChange(line: string): number {
  if (/^\s*(?:\*|\/\*|\/\/)/.test(line)) return 0
  const code = withoutComments(line).replaceAll(/(['"`])(?:\\.|(?!\1).)*\1/g, '')
  return (code.match(/[{([]/g)?.length ?? 0) - (code.match(/[})\]]/g)?.length ?? 0)
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[^]*?\*\//g, '').replaceAll(/\/\/.*$/gm, '')
}
