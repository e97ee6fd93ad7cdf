import { execFile } from 'node:child_process'
import { mkdtemp, readdir, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

import { projectRoot } from '#chaos/home/home.ts'

import { buildPackage } from '../build-package.ts'

interface Result {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** A folder of a user, in which the npm package is installed and nothing else is. */
export interface InstalledPackage extends AsyncDisposable {
  readonly folder: string
  /** Runs `npx unhappy` in the folder. */
  run(args: readonly string[]): Promise<Result>
}

/** The package as it is built, with links to the dependencies of the project: without npm, so without a network. */
export async function linkBuiltPackage(): Promise<InstalledPackage> {
  const folder = await emptyFolder()
  const packages = join(folder, 'node_modules')
  buildPackage(join(packages, 'unhappy-path'))
  for (const name of await readdir(join(projectRoot, 'node_modules')))
    if (!name.startsWith('.'))
      await symlink(join(projectRoot, 'node_modules', name), join(packages, name))
  return installed(folder, process.execPath)
}

/** The packed package, installed by npm. `node` is the Node of the user. */
export async function installTarball(tarball: string, node: string): Promise<InstalledPackage> {
  const folder = await emptyFolder()
  const npm = await realpath(join(await folderInPath('npm'), 'npm'))
  const install = await call(
    node,
    [npm, 'install', '--no-audit', '--no-fund', tarball],
    folder,
    node,
  )
  if (install.status !== 0) throw new Error(`npm install failed: ${install.stderr}`)
  return installed(folder, node)
}

/** The real path: a sandbox names it in its files. */
async function emptyFolder(): Promise<string> {
  return await realpath(await mkdtemp(join(tmpdir(), 'unhappy-package-')))
}

function installed(folder: string, node: string): InstalledPackage {
  const entry = join(folder, 'node_modules', 'unhappy-path', 'chaos', 'cli', 'unhappy.js')
  const run: InstalledPackage['run'] = async (args) =>
    await call(node, [entry, ...args], folder, node)
  return {
    folder,
    run,
    [Symbol.asyncDispose]: async () => {
      await run(['down', '--all'])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Variables of the project, of this test and of `npm run`. A user has none of them. */
const ownVariables = /^(?:UNHAPPY_|VITEST|NODE_(?!EXTRA_CA)|npm_(?!config_)|INIT_CWD)/

async function call(
  program: string,
  args: readonly string[],
  cwd: string,
  node: string,
): Promise<Result> {
  const { PATH = '' } = process.env
  const usual = Object.entries(process.env).filter(([name]) => !ownVariables.test(name))
  const own = join(projectRoot, 'node_modules')
  const others = PATH.split(delimiter).filter((folder) => !folder.startsWith(own))
  const path = [dirname(node), ...others].join(delimiter)
  const env = { ...Object.fromEntries(usual), PATH: path, NO_COLOR: '1' }
  return await new Promise((resolve, reject) => {
    execFile(program, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const status = error === null ? 0 : error.code
      if (typeof status === 'number') resolve({ status, stdout, stderr })
      else reject(error ?? new Error('no status'))
    })
  })
}

async function folderInPath(name: string): Promise<string> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter))
    if ((await readdir(folder).catch(() => [] as string[])).includes(name)) return folder
  throw new Error(`${name} is not in PATH.`)
}
