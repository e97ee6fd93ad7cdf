import { execFileSync } from 'node:child_process'

import { projectRoot } from '#chaos/home/home.ts'

/** The image of links and sidecars: the one that `UNHAPPY_IMAGE` names, or one that is built now. */
export function linksImage(): string {
  const given = process.env['UNHAPPY_IMAGE']
  if (given !== undefined) return given
  execFileSync('docker', ['compose', 'build', '--quiet', 'chaos'], { cwd: projectRoot })
  return 'unhappy-path'
}
