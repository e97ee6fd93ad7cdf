import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { connect } from 'node:net'
import type { NetConnectOpts } from 'node:net'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

import { projectRoot } from '#chaos/home/home.ts'

// A program: does in a cell what hostile code would do, without any limit of Node, and reports each outcome. Then it starts a
// process that never ends.
interface Targets {
  /** Of the machine: a port, a Unix socket, a process, and a file. */
  readonly port: number
  readonly socket: string
  readonly pid: number
  readonly file: string
}

export type AttackReport = Readonly<Record<string, string>>

process.on('message', (targets: Targets) => {
  void attack(targets)
})
process.on('disconnect', () => undefined)
process.send?.({ type: 'ready' })

async function attack({ port, socket, pid, file }: Targets): Promise<void> {
  const report: AttackReport = {
    port: await reach({ port, host: '127.0.0.1' }),
    outside: await reach({ port: 53, host: '192.0.2.1' }),
    socket: await reach({ path: socket }),
    signal: outcomeOf(() => process.kill(pid, 0)),
    read: outcomeOf(() => readFileSync(file)),
    write: outcomeOf(() => writeFileSync(file, 'changed')),
    project: outcomeOf(() => writeFileSync(join(projectRoot, 'package.json'), '{}')),
    binaries: outcomeOf(() => writeFileSync(process.execPath, 'changed')),
    settings: outcomeOf(() => writeFileSync('/etc/hosts', '')),
    kernel: outcomeOf(() => writeFileSync('/proc/sysrq-trigger', 'h')),
    devices: readdirSync('/dev').toSorted().join(' '),
    processes: readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && Number(name) === pid)
      .join(' '),
    huge: outcomeOf(writeHuge),
    threads: await startThreads(4),
    // Reserved, and not used: the limit counts both.
    memory: outcomeOf(() => Array.from({ length: 40 }, () => Buffer.allocUnsafeSlow(2 ** 27))),
    own: outcomeOf(() => writeFileSync('/cell/own', 'mine')),
  }
  const endless = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'], {
    detached: true,
    stdio: 'ignore',
  })
  await once(endless, 'spawn')
  process.send?.({ type: 'report', report })
}

async function reach(options: NetConnectOpts): Promise<string> {
  const connection = connect(options)
  connection.setTimeout(2_000, () => connection.destroy(new Error('timeout')))
  try {
    await once(connection, 'connect')
    return 'reached'
  } catch (error) {
    return codeOf(error)
  } finally {
    connection.destroy()
  }
}

/** Threads that live at the same time, as those of a right fix do. A process that may not have them dies. */
async function startThreads(count: number): Promise<string> {
  const work = "require('node:worker_threads').parentPort.once('message', () => {})"
  const threads = Array.from({ length: count }, () => new Worker(work, { eval: true }))
  try {
    await Promise.all(threads.map(async (thread) => once(thread, 'online')))
    return 'done'
  } catch (error) {
    return codeOf(error)
  } finally {
    await Promise.all(threads.map(async (thread) => thread.terminate()))
  }
}

function writeHuge(): void {
  const handle = openSync('/tmp/huge', 'w')
  try {
    for (let megabytes = 0; megabytes < 2_000; megabytes += 1)
      writeSync(handle, Buffer.alloc(2 ** 20))
  } finally {
    closeSync(handle)
  }
}

function outcomeOf(act: () => unknown): string {
  try {
    act()
    return 'done'
  } catch (error) {
    return codeOf(error)
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? (error as Error).message
}
