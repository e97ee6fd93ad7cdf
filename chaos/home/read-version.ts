import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { projectRoot } from './home.ts'

/** The version in package.json. */
export async function readVersion(): Promise<string> {
  const text = await readFile(join(projectRoot, 'package.json'), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}
