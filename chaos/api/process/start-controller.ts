import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { join } from 'node:path'

import type { SandboxFile } from '#chaos/contracts/api.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import { controllerPortOffset, localPort } from '#chaos/contracts/ports.ts'
import type { System } from '#chaos/contracts/system.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { linkPackage } from '#chaos/home/link-package.ts'
import { readVersion } from '#chaos/home/read-version.ts'
import { removeSandboxFile, writeSandboxFile } from '#chaos/home/sandbox-file.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { listenOnSocket } from '#chaos/lib/http/listen-on-socket.ts'
import { formatSpace, ownProcessSpace } from '#chaos/lib/process-space.ts'
import { aborted } from '#chaos/lib/signals/aborted.ts'
import { createLinkControl } from '#chaos/proxy/client/link-control.ts'

import { createController } from '../create-controller.ts'
import { createApp } from '../http/app.ts'
import { localHosts } from '../http/guard-requests.ts'
import { createSessions } from '../http/sessions.ts'
import { createCodeSnapshots, removeLeftoverSnapshots } from '../runs/code-snapshot.ts'
import { readKey } from './config.ts'
import type { ControllerConfig } from './config.ts'
import { confineCode } from './confine-code.ts'
import { openRuntime } from './open-runtime.ts'
import type { OpenedRuntime } from './open-runtime.ts'
import { createTracedSandbox } from './traced-sandbox.ts'

export interface ControllerStart {
  readonly system: System
  /** Its runtime, if it runs already. Absent: {@link openRuntime}. */
  readonly opened?: OpenedRuntime
  /** The labs of this system. */
  readonly labs: readonly Lab[]
  /** The folder of a user's system, with flow files. Absent: the system is not adopted. */
  readonly flowFolder?: string
  readonly config: ControllerConfig
  /** Aborts when the controller must end. */
  readonly signal: AbortSignal
  /** Ends the controller: `signal` aborts. `api`: on request. `keeper`: the sandbox was lost. */
  end(cause: 'api' | 'keeper'): void
  onProgress(text: string): void
  onReady(file: SandboxFile): void
}

/**
 * Starts runtime, sandbox and API, and stops them in the opposite order when the signal aborts. Resolves when all are down.
 * Rejects when the start fails; what was started is down then.
 */
export async function startController(start: ControllerStart): Promise<void> {
  const { labs, config, signal } = start
  const key = await readKey(config)
  await using disposables = new AsyncDisposableStack()
  const [token, linksSecret] = [config.token ?? randomSecret(), randomSecret()]
  const { runtime, slot, lost, supervise } =
    start.opened ?? (await openRuntime(start.system, config, { ...start, linksSecret }))
  const system = config.grading ? confineCode(start.system, runtime) : start.system
  const snapshots = createCodeSnapshots(config.home, slot)
  // Removed after the runtime: until then an instance can restart. In Docker, instances outlive their controller.
  if (runtime.kind !== 'docker') disposables.defer(async () => snapshots.keepOnly(new Set()))
  disposables.use(runtime)
  const links = createLinkControl(runtime.addresses.proxyUrl)
  const host = config.address ?? (runtime.kind === 'docker' ? '0.0.0.0' : '127.0.0.1')
  const { sandbox } = disposables.use(
    await createTracedSandbox(
      { system, runtime, links, ...(supervise === undefined ? {} : { supervise }) },
      { config: config.telemetry, slot, host },
    ),
  )
  // After the sandbox: it has removed the files of sandboxes that are gone.
  await removeLeftoverSnapshots(config.home, slot)
  await linkPackage(config.home)
  if (runtime.kind !== 'docker') await snapshots.keepOnly(new Set())
  const port = localPort(slot, controllerPortOffset)
  const url = `http://127.0.0.1:${port}`
  const startedAt = new Date(systemClock.wallTimeMs()).toISOString()
  const version = await readVersion()
  const controller = disposables.use(
    createController({
      sandbox,
      facts: { slot, version, startedAt, url, proxyPort: config.proxyPort },
      home: config.home,
      labs,
      showAllLabs: config.showAllLabs,
      snapshots,
      shutDown: () => start.end('api'),
      ...(start.flowFolder === undefined ? {} : { flowFolder: start.flowFolder }),
    }),
  )
  const app = await createApp({
    controller,
    token,
    hosts: new Set([...localHosts, ...config.hosts]),
    version,
    sessions: createSessions(systemClock, key),
    basePath: config.basePath,
    dashboardFolder: join(projectRoot, 'chaos', 'dashboard', 'dist'),
  })
  disposables.defer(async () => app.close())
  // In a container the API listens on all addresses. The port is published on the host's 127.0.0.1 only.
  await app.listen({ port, host })
  const { ephemeral, home, socket } = config
  const serve = (one: Socket): boolean => app.server.emit('connection', one)
  if (socket !== undefined) disposables.use(await listenOnSocket(socket, serve))
  const file: SandboxFile = {
    slot,
    pid: process.pid,
    processSpace: formatSpace(ownProcessSpace()),
    url,
    token,
    ...(start.opened === undefined && runtime.kind !== 'docker' ? { linksSecret } : {}),
    runtime: runtime.kind,
    startedAt,
    ephemeral,
  }
  await writeSandboxFile(home.sandboxes, file)
  disposables.defer(async () => removeSandboxFile(home.sandboxes, file))
  void lost?.then(() => start.end('keeper'))
  if (!signal.aborted) start.onReady(file)
  await aborted(signal)
}

function randomSecret(): string {
  return randomBytes(24).toString('base64url')
}
