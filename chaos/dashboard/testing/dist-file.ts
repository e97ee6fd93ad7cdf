import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

import { dashboardPolicy } from '#chaos/api/http/security-headers.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

/** A file of the built page. */
export interface DistFile {
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string>>
}

/** The file at the path of an address, with the policy that the controller gives it: a page that needs more fails in tests too. */
export async function readDistFile(path: string): Promise<DistFile> {
  const file = path === '/' ? 'index.html' : path
  return {
    body: await readFile(join(import.meta.dirname, '..', 'dist', file)),
    headers: {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': dashboardPolicy,
    },
  }
}
