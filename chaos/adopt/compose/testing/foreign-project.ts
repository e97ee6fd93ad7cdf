import { execFile, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../../../', import.meta.url))
const unhappyScript = join(root, 'chaos', 'cli', 'unhappy.js')
const outputMaxBytes = 16 * 1024 * 1024

/** A Compose project without any part of Unhappy Path: an alias, two networks, two replicas, a published port. */
const composeFile = (port: number): string => `
services:
  web:
    image: node:24-slim
    command: node /app/web.js
    volumes: ["./web.js:/app/web.js:ro"]
    ports: ["127.0.0.1:${port}:3000"]
    networks: [front, back]
    restart: always
    depends_on: { db: { condition: service_healthy } }
  worker:
    image: node:24-slim
    command: node /app/worker.js
    volumes: ["./worker.js:/app/worker.js:ro"]
    networks: [back, front]
    init: true
    deploy: { replicas: 2 }
  db:
    image: postgres:18
    environment: { POSTGRES_PASSWORD: x }
    healthcheck: { test: ["CMD-SHELL", "pg_isready -h 127.0.0.1 -U postgres"], interval: 1s, retries: 60 }
    networks: { back: { aliases: [database] } }
  cache:
    image: redis:8
    networks: [back]
networks: { front: {}, back: {} }
`

const web = `
const net = require('net'), http = require('http')
const ask = (host, port, bytes) => new Promise((done) => {
  const socket = net.connect(port, host)
  socket.setTimeout(1500, () => { socket.destroy(); done('timeout') })
  socket.on('error', (error) => done(error.code))
  socket.on('connect', () => socket.write(bytes))
  socket.on('data', (data) => { done(data.toString().trim() + ' ' + socket.remoteAddress); socket.destroy() })
})
const server = http.createServer(async (request, response) => {
  response.setHeader('connection', 'close')
  response.end(JSON.stringify({
    cache: await ask('cache', 6379, 'PING\\r\\n'),
    db: await ask('database', 5432, Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])),
    closed: await ask('cache', 9999, 'x'),
  }))
}).listen(3000)
process.on('SIGTERM', () => process.exit(0))
setInterval(() => undefined, 60_000)
process.on('SIGUSR2', () => server.listening ? server.close() : server.listen(3000))
`

/** Keeps one connection open, and prints the address of the service that answers. */
const worker = `
const net = require('net'), http = require('http')
const open = () => net.connect(6379, 'cache').on('error', () => {}).on('close', () => setTimeout(open, 100))
open()
setInterval(() => http.get('http://web:3000/', (response) => {
  console.log('web', response.socket.remoteAddress)
  response.resume()
}).on('error', (error) => console.log('web', error.code)), 300)
`

export interface ForeignProject extends AsyncDisposable {
  readonly name: string
  readonly folder: string
  /** `docker ARGS` */
  docker(...args: readonly string[]): Promise<string>
  compose(...args: readonly string[]): Promise<string>
  /** `unhappy ARGS` in the project's folder. */
  unhappy(...args: readonly string[]): Promise<string>
  /** Starts `unhappy ARGS` in the project's folder. */
  start(...args: readonly string[]): StartedCommand
  /** `unhappy ARGS` in the project's folder, with another home: what it prints on standard error. */
  refusedElsewhere(...args: readonly string[]): Promise<string>
  git(...args: readonly string[]): Promise<string>
  /** What web says about its stores, read at the published port. */
  ask(): Promise<{ readonly cache: string; readonly db: string; readonly closed: string }>
  /** Id, start and restarts of every container of the project, by name. */
  containers(): Promise<Readonly<Record<string, string>>>
  /** Names of networks, containers and volumes that carry a label of ours. */
  ours(): Promise<readonly string[]>
}

export interface StartedCommand {
  /** Resolves when it has printed this text. Rejects if it ends before. */
  printed(text: string): Promise<void>
  /** Ctrl-C, and its exit status. */
  interrupted(): Promise<number | null>
}

/** Files of a project, by name. Its Compose file needs no name of the project. */
export interface ForeignFiles {
  readonly compose: string
  readonly others: Readonly<Record<string, string>>
}

/** The project of {@link ForeignProject.ask}. */
const shopFiles = (port: number): ForeignFiles => ({
  compose: composeFile(port),
  others: { 'web.js': web, 'worker.js': worker },
})

/** Starts the project in a new folder with a git repository. Disposing it removes everything. */
export async function startForeignProject(
  image: string,
  port: number,
  files: ForeignFiles = shopFiles(port),
): Promise<ForeignProject> {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-foreign-'))
  const home = await mkdtemp(join(tmpdir(), 'unhappy-home-'))
  const name = `unhappy-foreign-${port}`
  const call = async (
    command: string,
    args: readonly string[],
    ownHome = home,
  ): Promise<string> => {
    const env = { ...process.env, UNHAPPY_IMAGE: image, UNHAPPY_HOME: ownHome, NO_COLOR: '1' }
    return (await run(command, args, { cwd: folder, env, maxBuffer: outputMaxBytes })).stdout.trim()
  }
  const docker = async (...args: readonly string[]): Promise<string> => await call('docker', args)
  const compose = async (...args: readonly string[]): Promise<string> =>
    await docker('compose', '--ansi', 'never', ...args)
  const unhappy = async (...args: readonly string[]): Promise<string> =>
    await call(process.execPath, [unhappyScript, ...args])
  const start = (...args: readonly string[]): StartedCommand =>
    startCommand(process.execPath, [unhappyScript, ...args], {
      cwd: folder,
      env: { ...process.env, UNHAPPY_IMAGE: image, UNHAPPY_HOME: home, NO_COLOR: '1' },
    })
  const refusedElsewhere = async (...args: readonly string[]): Promise<string> => {
    const other = await mkdtemp(join(tmpdir(), 'unhappy-home-'))
    try {
      return await call(process.execPath, [unhappyScript, ...args], other).then(
        () => '',
        ({ stderr }: { stderr: string }) => stderr,
      )
    } finally {
      await rm(other, { recursive: true, force: true })
    }
  }
  const git = async (...args: readonly string[]): Promise<string> => await call('git', args)
  await writeFile(join(folder, 'docker-compose.yml'), `name: ${name}\n${files.compose}`)
  for (const [file, text] of Object.entries(files.others)) await writeFile(join(folder, file), text)
  await git('init', '--quiet')
  await git('add', '--all')
  await git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '-m', 'all')
  await compose('up', '--detach', '--wait')
  const labelled = async (...command: readonly string[]): Promise<readonly string[]> =>
    (await docker(...command)).split('\n').filter((line) => line !== '')
  return {
    name,
    folder,
    docker,
    compose,
    unhappy,
    start,
    refusedElsewhere,
    git,
    ask: async () => {
      const response = await fetch(`http://127.0.0.1:${port}/`, {
        signal: AbortSignal.timeout(15_000),
      })
      return (await response.json()) as Awaited<ReturnType<ForeignProject['ask']>>
    },
    containers: async () => {
      const ids = (await compose('ps', '--all', '--quiet')).split('\n')
      const format = '{{.Name}} {{.Id}} {{.State.StartedAt}} {{.RestartCount}}'
      const lines = (await docker('inspect', '--format', format, ...ids)).split('\n')
      return Object.fromEntries(
        lines.map((line) => [line.split(' ')[0]?.replace(/^\//, ''), line] as const),
      )
    },
    ours: async () => {
      const filter = ['--filter', `label=unhappy-path.adopted=${name}`, '--quiet']
      return [
        ...(await labelled('network', 'ls', ...filter)),
        ...(await labelled('ps', '--all', ...filter)),
        ...(await labelled('volume', 'ls', ...filter)),
        ...(await labelled(
          'ps',
          '--all',
          '--quiet',
          '--filter',
          `label=unhappy-path.project=${name}`,
        )),
      ]
    },
    [Symbol.asyncDispose]: async () => {
      await unhappy('release').catch(() => undefined)
      await compose('down', '--volumes', '--timeout', '1')
      await rm(folder, { recursive: true, force: true })
      await rm(home, { recursive: true, force: true })
    },
  }
}

function startCommand(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): StartedCommand {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit') as Promise<[number | null]>
  let text = ''
  const changed = new EventEmitter()
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => {
      text += String(part)
      changed.emit('text')
    })
  return {
    printed: async (wanted) => {
      while (!text.includes(wanted)) {
        const ended = await Promise.race([once(changed, 'text').then(() => false), exited])
        if (ended !== false) throw new Error(`It ended without "${wanted}": ${text}`)
      }
    },
    interrupted: async () => {
      child.kill('SIGINT')
      const [status] = await exited
      return status
    },
  }
}

/** The process of the controller that keeps the adoption. */
export async function controllerPid({ slot }: { readonly slot: number }): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${20_000 + 100 * slot}/api/alive`)
  return ((await response.json()) as { readonly pid: number }).pid
}
