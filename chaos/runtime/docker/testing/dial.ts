import type { ComposeSandbox } from './compose-sandbox.ts'

export interface Dialled {
  /** What the caller observes: `connected`, `timeout`, or an error code such as `ECONNREFUSED`. */
  readonly outcome: string
  readonly tookMs: number
}

const program = `
const [host, port, timeoutMs] = process.argv.slice(1)
const started = performance.now()
const socket = require('node:net').connect(Number(port), host)
const finish = (outcome) => {
  console.log(JSON.stringify({ outcome, tookMs: performance.now() - started }))
  process.exit(0)
}
socket.on('connect', () => finish('connected'))
socket.on('error', (error) => finish(error.code))
setTimeout(() => finish('timeout'), Number(timeoutMs))
`

/** Opens a TCP connection inside an instance, as its own code does. */
export async function dial(
  sandbox: ComposeSandbox,
  from: string,
  address: string,
  timeoutMs = 1_500,
): Promise<Dialled> {
  const [host = '', port = ''] = address.split(':')
  const words = ['node', '-e', program, host, port, String(timeoutMs)]
  return JSON.parse(await sandbox.compose('exec', '-T', from, ...words)) as Dialled
}

const persistentProgram = `
const [host, port, limitMs] = process.argv.slice(1)
const started = performance.now()
const attempt = () => {
  const socket = require('node:net').connect(Number(port), host)
  socket.on('error', () => undefined)
  const next = setTimeout(() => { socket.destroy(); attempt() }, 100)
  socket.on('connect', () => { clearTimeout(next); finish('connected') })
}
const finish = (outcome) => {
  console.log(JSON.stringify({ outcome, tookMs: performance.now() - started }))
  process.exit(0)
}
setTimeout(() => finish('timeout'), Number(limitMs))
attempt()
`

/** Dials ten times a second until a connection succeeds. */
export async function dialUntilConnected(
  sandbox: ComposeSandbox,
  from: string,
  address: string,
  limitMs: number,
): Promise<Dialled> {
  const [host = '', port = ''] = address.split(':')
  const words = ['node', '-e', persistentProgram, host, port, String(limitMs)]
  return JSON.parse(await sandbox.compose('exec', '-T', from, ...words)) as Dialled
}

const datagrams = `
const [host, count] = process.argv.slice(1)
const socket = require('node:dgram').createSocket('udp4')
require('node:dns').lookup(host, { family: 4 }, async (_, address) => {
  let dropped = 0
  for (let i = 0; i < Number(count); i++)
    await new Promise((resolve) => socket.send('x', 9, address, (error) => {
      if (error !== null) dropped++
      resolve()
    }))
  console.log(JSON.stringify({ dropped }))
  process.exit(0)
})
`

/**
 * Sends datagrams to a port without a listener and counts those that the sender's kernel dropped.
 */
export async function sendDatagrams(
  sandbox: ComposeSandbox,
  from: string,
  to: string,
  count: number,
): Promise<{ readonly dropped: number }> {
  const words = ['node', '-e', datagrams, to, String(count)]
  return JSON.parse(await sandbox.compose('exec', '-T', from, ...words)) as { dropped: number }
}
