// Runs after `npm install`. Plain JavaScript, because the Node that runs the install may be too old for TypeScript.
import { spawnSync } from 'node:child_process'
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bins = join(root, 'node_modules', '.bin')

linkCli()
buildDashboard()

/**
 * Lets `npx unhappy` find the CLI. A `bin` in package.json would do it as well, but then npx links the whole project into its
 * cache on first use and runs this script again, silently.
 */
function linkCli() {
  mkdirSync(bins, { recursive: true })
  const link = join(bins, 'unhappy')
  rmSync(link, { force: true })
  if (process.platform === 'win32')
    writeFileSync(`${link}.cmd`, '@node "%~dp0\\..\\..\\chaos\\cli\\unhappy.js" %*\r\n')
  else {
    symlinkSync('../../chaos/cli/unhappy.js', link)
    makeExecutable(join(root, 'chaos', 'cli', 'unhappy.js'))
  }
}

/** It is, unless the sources came without their modes; and only their owner may change that. */
function makeExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
  } catch {
    chmodSync(file, 0o755)
  }
}

/** Builds the dashboard's page, where the tools for it are installed. */
function buildDashboard() {
  const own = join(bins, 'node')
  const node = existsSync(own) ? own : process.execPath
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  if (!existsSync(vite)) return
  const dashboard = join(root, 'chaos', 'dashboard')
  const build = spawnSync(node, [vite, 'build', dashboard, '--logLevel', 'warn'], {
    stdio: 'inherit',
  })
  process.exitCode = build.status ?? 1
}
