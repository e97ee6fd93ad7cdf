// Runs after `npm install`. It is plain JavaScript, because the Node that runs the install may be too old for TypeScript.
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
 * Makes `npx unhappy` find the CLI. With a `bin` in package.json instead, npx would link the whole project into its cache
 * on first use and run this script again, without output.
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

/** Sources that were copied without file modes are not executable. Only their owner can change the mode. */
function makeExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
  } catch {
    chmodSync(file, 0o755)
  }
}

/** Builds the dashboard if Vite is installed. */
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
