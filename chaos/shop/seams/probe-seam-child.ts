import fs from 'node:fs'
import { Socket } from 'node:net'
import { pathToFileURL } from 'node:url'
import { types } from 'node:util'
import { Worker } from 'node:worker_threads'

import { explainLoadFailure } from '#services/load-failure.ts'
import { runnableFile } from '#services/runnable-file.ts'

import { channelFd, nonceLength, type ProbeReport } from './probe-channel.ts'

// A program: loads a seam file and reports to its parent whether the file exports the function.
//
// The file's code runs in this process and may print, send or replace anything. So the reports go through a descriptor of
// their own, start with a secret that only this module has, and use functions that are kept here before the file runs.
interface OutputPipe {
  readonly _handle?: { setBlocking(blocking: boolean): void }
}

const [path = '', exportName = ''] = process.argv.slice(2)
const { writeSync } = fs
const { stringify } = JSON
const { pid } = process
const killProcess = process.kill.bind(process)
const nonce = readNonce()

/** The parent is gone, or the file never ends: this thread still ends the process when the event loop is blocked. */
const watch = `
  const parent = process.ppid
  setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL') }, 500)
`
new Worker(watch, { eval: true }).unref()

// Otherwise Node keeps in memory what the parent has not read yet, without a limit.
for (const { _handle } of [process.stdout, process.stderr] as unknown as OutputPipe[])
  _handle?.setBlocking(true)

let loaded = false
const channel = new Socket({ fd: channelFd, readable: true, writable: false })
channel.on('data', () => send('alive'))
channel.on('end', () => killProcess(pid, 'SIGKILL'))
channel.unref()

process.on('uncaughtException', (error, origin) => {
  const { message, place } = explainLoadFailure(error, path)
  const what = origin === 'unhandledRejection' ? 'it leaves a rejected promise unhandled: ' : ''
  end({ ok: false, kind: 'load', message: `${what}${message}`, ...(place && { place }) })
})
// The event loop has no work left and the import has not ended: no event can end it any more.
process.on('beforeExit', () => {
  if (!loaded) end({ ok: false, kind: 'await', message: '' })
})

send('ready')
await load()

async function load(): Promise<void> {
  let module: Record<string, unknown>
  try {
    module = (await import(pathToFileURL(runnableFile(path)).href)) as Record<string, unknown>
  } catch (error) {
    loaded = true
    return fail(error)
  }
  loaded = true
  // A rejection without a handler is an event of this turn of the event loop.
  setImmediate(() => end(judge(module)))
}

function fail(error: unknown): void {
  const { message, place } = explainLoadFailure(error, path)
  const report: ProbeReport = { ok: false, kind: 'load', message, ...(place && { place }) }
  if (place !== undefined || !types.isNativeError(error) || error.name !== 'SyntaxError')
    return end(report)
  // Node knows the position of this error, and writes it only to standard error, for an error without a handler.
  tell(report)
  process.removeAllListeners('uncaughtException')
  setImmediate(() => {
    throw error
  })
}

function judge(module: Record<string, unknown>): ProbeReport {
  const kind = typeof module[exportName]
  if (kind === 'function') return { ok: true }
  const names = Object.keys(module)
  const found = names.slice(0, 10).join(', ') || 'nothing'
  const more = names.length > 10 ? ` and ${names.length - 10} more` : ''
  const instead = names.includes(exportName) ? `${exportName} is ${show(kind)}: ` : ''
  return {
    ok: false,
    kind: 'export',
    message: `exports ${found}${more}, but ${instead}no function ${exportName}`,
  }
}

function show(kind: string): string {
  return kind === 'undefined' ? kind : `${kind === 'object' ? 'an' : 'a'} ${kind}`
}

/** No listener of the file's code can delay or replace this end. */
function end(report: ProbeReport): void {
  tell(report)
  killProcess(pid, 'SIGKILL')
}

function tell(report: ProbeReport): void {
  send(stringify(report))
}

function send(text: string): void {
  writeSync(channelFd, `${nonce} ${text}\n`)
}

function readNonce(): string {
  const bytes = Buffer.alloc(nonceLength)
  let length = 0
  while (length < nonceLength) {
    const count = fs.readSync(channelFd, bytes, length, nonceLength - length, null)
    if (count === 0) process.exit(1)
    length += count
  }
  return bytes.toString('latin1')
}
