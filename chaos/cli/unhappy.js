#!/usr/bin/env node
// The entry is plain JavaScript, so every Node from version 20 on can run it. It checks the requirements, then starts the
// TypeScript sources: in this process, or on the Node in node_modules/ if this one is too old.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module, { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const nodeMajorMin = 24
const root = fileURLToPath(new URL('../..', import.meta.url))
// Node compiles the sources once and not at every call. A folder that cannot be written only disables the cache.
const packages = folderWith('citty')
const compileCache = process.env.NODE_COMPILE_CACHE || join(packages ?? root, '.cache', 'unhappy')
const main = fileURLToPath(new URL('./main.ts', import.meta.url))
const install = main.endsWith('.js')
  ? 'Install the package again, with its optional packages and their install scripts.'
  : `Run: npm install   (in ${root}, without --omit=optional).`

// A link in the PATH is called `unhappy`. From a fresh clone the user types `npx unhappy`.
const linked = /[\\/]unhappy$/.test(process.argv[1]) && process.env.npm_command === undefined
process.env.UNHAPPY_PROGRAM ??= linked ? 'unhappy' : 'npx unhappy'

if (packages === undefined) {
  refuse('The dependencies of Unhappy Path are not installed.', install)
} else if (Number(process.versions.node.split('.')[0]) >= nodeMajorMin) {
  module.enableCompileCache(compileCache)
  // The notice about node:sqlite says nothing to an instructor.
  const { emitWarning } = process
  process.emitWarning = (warning, ...rest) => {
    if (rest[0] !== 'ExperimentalWarning') emitWarning.call(process, warning, ...rest)
  }
  await import(main)
} else {
  const program = process.platform === 'win32' ? 'node.exe' : 'node'
  const node = join(folderWith('node') ?? packages, 'node', 'bin', program)
  if (existsSync(node)) runOn(node)
  else
    refuse(
      `Unhappy Path needs Node ${nodeMajorMin} or newer. This is Node ${process.versions.node}, and node_modules/ contains no newer one.`,
      `${install} Or use Node ${nodeMajorMin}.`,
    )
}

/** The folder `node_modules` in which Node finds a package. */
function folderWith(name) {
  const folders = createRequire(import.meta.url).resolve.paths(name)
  return folders.find((folder) => existsSync(join(folder, name)))
}

function runOn(node) {
  // The channel carries no messages. It closes when this process ends, even by SIGKILL; the child then ends too.
  const child = spawn(
    node,
    ['--disable-warning=ExperimentalWarning', main, ...process.argv.slice(2)],
    {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
    },
  )
  const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of forwarded) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => refuse(`${node} does not start: ${error.message}`, install))
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code
      return
    }
    for (const name of forwarded) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  })
}

function refuse(message, remedy) {
  process.stderr.write(`${message}\n${remedy}\n`)
  process.exitCode = 3
}
