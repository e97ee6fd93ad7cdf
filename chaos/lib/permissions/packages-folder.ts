import { join, sep } from 'node:path'

/** The folder with the packages that this project imports, and with the packages of those: the outermost one. */
export function packagesFolder(projectRoot: string): string {
  // The npm package is in such a folder itself.
  const [outside = ''] = projectRoot.split(`${sep}node_modules${sep}`)
  return join(outside, 'node_modules')
}
