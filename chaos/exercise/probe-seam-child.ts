import { pathToFileURL } from 'node:url'

// A program: loads a seam file and prints, as one line of JSON, whether it exports the function.
const [path = '', exportName = ''] = process.argv.slice(2)
const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>
const found = Object.keys(module).join(', ') || 'nothing'
const result =
  typeof module[exportName] === 'function'
    ? { ok: true }
    : { ok: false, kind: 'export', problem: `exports ${found}, but no function ${exportName}.` }
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0))
