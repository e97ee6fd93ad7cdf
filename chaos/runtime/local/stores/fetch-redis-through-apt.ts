import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'

import { runChecked } from '../run-checked.ts'
import { moveIntoPlace } from './move-into-place.ts'
import type { StoreSetup } from './store-setup.ts'

const packages = ['redis-server', 'valkey-server']

/** The program that an earlier {@link fetchRedisThroughApt} put into the cache. */
export async function findFetchedRedis(setup: StoreSetup): Promise<string | undefined> {
  return findProgram(cachedFolder(setup))
}

/**
 * Downloads the distribution's own package, with the packages it needs that are not installed, and
 * unpacks them into the cache. apt uses private folders for its lists, so it does not need root.
 * Undefined where there is no apt.
 */
export async function fetchRedisThroughApt(setup: StoreSetup): Promise<string | undefined> {
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg-deb')) return undefined
  setup.progress('Fetching Redis through apt into the cache (once, no root needed) ...')
  const apt = await openApt(setup)
  await apt.run('apt-get', [...apt.options, 'update'])
  const names = await neededPackages(apt)
  await apt.run('apt-get', [...apt.options, 'download', ...names])
  const unpacked = path.join(setup.stagingFolder, 'apt-unpacked')
  await mkdir(unpacked)
  for (const file of await readdir(apt.downloads))
    await apt.run('dpkg-deb', ['-x', path.join(apt.downloads, file), unpacked])
  // dpkg-deb sets the folder's mode to that of the archive's root.
  await chmod(unpacked, 0o755)
  const program = findProgram(unpacked)
  if (program === undefined) throw new Error(`${names.join(', ')} contain no server`)
  await apt.run(program, ['--version'], aptLibraryPath(program))
  const folder = cachedFolder(setup)
  await moveIntoPlace(unpacked, folder)
  return findProgram(folder)
}

/** The unpacked libraries of an unpacked program; empty for any other program. */
export function aptLibraryPath(program: string): Readonly<Record<string, string>> {
  const root = path.resolve(path.dirname(program), '../..')
  if (!path.basename(root).startsWith('redis-apt-') && path.basename(root) !== 'apt-unpacked')
    return {}
  const folders = ['usr/lib', 'lib'].flatMap((name) => {
    const folder = path.join(root, name)
    if (!existsSync(folder)) return []
    return [folder, ...readdirSync(folder).map((inner) => path.join(folder, inner))]
  })
  return { LD_LIBRARY_PATH: folders.join(':') }
}

interface Apt {
  readonly options: readonly string[]
  readonly downloads: string
  run(command: string, args: readonly string[], environment?: object): Promise<string>
}

async function openApt(setup: StoreSetup): Promise<Apt> {
  const root = path.join(setup.stagingFolder, 'apt')
  const downloads = path.join(root, 'downloads')
  await mkdir(path.join(root, 'lists/partial'), { recursive: true })
  await mkdir(path.join(root, 'cache/archives/partial'), { recursive: true })
  await mkdir(downloads)
  const settings: Readonly<Record<string, string>> = {
    'Dir::State::Lists': path.join(root, 'lists'),
    'Dir::Cache': path.join(root, 'cache'),
    'Debug::NoLocking': '1',
    'Acquire::http::Timeout': '10',
    'Acquire::Retries': '1',
    // As root, apt would download as a user who may not write here.
    'APT::Sandbox::User': 'root',
  }
  return {
    options: Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    downloads,
    run: async (command, args, environment = {}) =>
      await runChecked(setup.keeper, {
        command,
        args,
        environment: {
          ...setup.host.baseEnvironment,
          ...setup.host.networkEnvironment,
          LC_ALL: 'C',
          ...environment,
        },
        cwd: downloads,
        timeoutMs: 120_000,
      }),
  }
}

/** The packages that apt would install, from a simulation: the server and its missing libraries. */
async function neededPackages(apt: Apt): Promise<string[]> {
  const refused: unknown[] = []
  for (const name of packages) {
    try {
      const args = [...apt.options, '-s', '--no-install-recommends', 'install', name]
      const plan = await apt.run('apt-get', args)
      const names = plan.split('\n').flatMap((line) => /^Inst (\S+)/.exec(line)?.[1] ?? [])
      if (names.length > 0) return names
    } catch (error) {
      refused.push(error)
    }
  }
  throw new AggregateError(refused, `apt offers neither ${packages.join(' nor ')}`)
}

function findProgram(root: string): string | undefined {
  return packages.map((name) => path.join(root, 'usr/bin', name)).find((file) => existsSync(file))
}

/** One folder for each release of the distribution: its programs need that release's libraries. */
function cachedFolder({ cacheFolder }: StoreSetup): string {
  let release = ''
  try {
    const fields = readFileSync('/etc/os-release', 'utf8').matchAll(
      /^(?:ID|VERSION_ID)="?([^"\n]*)/gm,
    )
    release = [...fields].map((match) => match[1]).join('-')
  } catch {
    // Not Linux, or a system without apt.
  }
  return path.join(cacheFolder, `redis-apt-${release}-${process.arch}`)
}
