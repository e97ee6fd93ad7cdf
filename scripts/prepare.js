// Runs after `npm install`: builds the dashboard's page, where the tools for it are installed.
// Plain JavaScript, because the Node that runs the install may be too old for TypeScript.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = (name) => join(root, 'node_modules', '.bin', name)
const node = existsSync(bin('node')) ? bin('node') : process.execPath
const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')

if (existsSync(vite)) {
  const build = spawnSync(
    node,
    [vite, 'build', join(root, 'chaos', 'dashboard'), '--logLevel', 'warn'],
    {
      stdio: 'inherit',
    },
  )
  process.exitCode = build.status ?? 1
}
