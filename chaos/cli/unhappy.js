#!/usr/bin/env node
// The entry stays plain JavaScript that any Node since 20 can read: it looks for what the project needs, then hands over
// to the TypeScript sources on the project's own Node.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const nodeMajorMin = 24
const root = fileURLToPath(new URL('../..', import.meta.url))
// Compiled once, not at every call; where nothing can be written it goes on without.
const compileCache =
  process.env.NODE_COMPILE_CACHE || join(root, 'node_modules', '.cache', 'unhappy')
const main = fileURLToPath(new URL('./main.ts', import.meta.url))

// Linked into the PATH it is called `unhappy`; from a fresh clone npx finds it.
const linked = /[\\/]unhappy$/.test(process.argv[1]) && process.env.npm_command === undefined
process.env.UNHAPPY_PROGRAM ??= linked ? 'unhappy' : 'npx unhappy'

if (!existsSync(join(root, 'node_modules', 'citty'))) {
  refuse('The dependencies of Unhappy Path are not installed.', `Run: npm install   (in ${root})`)
} else if (Number(process.versions.node.split('.')[0]) >= nodeMajorMin) {
  module.enableCompileCache(compileCache)
  await import(main)
} else {
  const node = join(
    root,
    'node_modules/node/bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  )
  if (existsSync(node)) runOn(node)
  else
    refuse(
      `Unhappy Path needs Node ${nodeMajorMin} or newer; this is ${process.versions.node}, and the project's own Node is not installed.`,
      `Run: npm install   (in ${root}; without --omit=optional), or use Node ${nodeMajorMin}.`,
    )
}

function runOn(node) {
  // The channel carries no messages: the other side sees it close when we die, however we die.
  const child = spawn(node, [main, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  })
  const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of forwarded) process.on(signal, () => child.kill(signal))
  child.on('error', (error) =>
    refuse(`${node} does not start: ${error.message}`, 'Run: npm install'),
  )
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
