import { execFileSync } from 'node:child_process'

/** Whether this machine lets a test make the namespaces of a cell. */
export function allowsCells(): boolean {
  try {
    const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
    const flags = [...user, '--mount', '--net', '--pid', '--fork']
    execFileSync('unshare', [...flags, 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
