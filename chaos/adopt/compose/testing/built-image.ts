import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** The image of links and sidecars: the one in UNHAPPY_IMAGE, or a new one of this source. */
export function builtImage(): string {
  const given = process.env['UNHAPPY_IMAGE']
  if (given !== undefined) return given
  execFileSync('docker', ['compose', 'build', '--quiet', 'chaos'], { cwd: root })
  return 'unhappy-path'
}
