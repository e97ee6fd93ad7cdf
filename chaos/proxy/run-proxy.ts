import type { Server } from 'node:http'

import { InputError } from '#chaos/lib/errors.ts'
import { createRandom, freshSeed } from '#chaos/lib/random.ts'

import { applyConfigFile } from './config-file.ts'
import { streamEvents } from './http/event-stream.ts'
import { extensionRoutes } from './http/extension-routes.ts'
import { metricsResponse } from './http/metrics.ts'
import { anyProxy, ownProxiesOnly } from './http/own-proxies.ts'
import { createApiServer } from './http/server.ts'
import { toxiproxyRoutes } from './http/toxiproxy-routes.ts'
import { addressOf } from './plane/address.ts'
import { DataPlane } from './plane/data-plane.ts'
import { EventHub } from './plane/event-hub.ts'
import type { Inspection, InspectionHost } from './plane/inspector.ts'
import { listenError } from './plane/listen-address.ts'
import type { RecorderHost } from './plane/recorder.ts'
import { createLease } from './time/lease.ts'
import { measureTimerLateness } from './time/timer-lateness.ts'
import { createTimers, type Timers } from './time/timers.ts'
import { createInspection } from './traps/index.ts'

export interface ProxyOptions {
  /** Where the API listens. Default 127.0.0.1. */
  readonly host?: string
  /** Port of the API. Default 8474; 0 takes a free port. */
  readonly port?: number
  /** A JSON file: an array of proxies as `/populate` takes it, or an object with such a list in `proxies`. */
  readonly config?: string
  /** Decides all random values. Default: a new one. */
  readonly seed?: number
  /** Where a proxy listens if its `listen` has no host. Default 127.0.0.1. */
  readonly listenHost?: string
  /** How long an upstream may take to accept a connection. Default 30 s. */
  readonly connectTimeoutMs?: number
  /** Use only Node's public API for accepted connections: slower, but otherwise the same. */
  readonly plainAccept?: boolean
  /** Origins of pages that may call the API, in addition to this machine. */
  readonly allowOrigins?: readonly string[]
  /** Adds the memory and CPU time of the process to `/metrics`. */
  readonly runtimeMetrics?: boolean
  /** Refuse proxies that are not in `config`, except from requests with `secret`. */
  readonly ownProxiesOnly?: boolean
  readonly secret?: string
  /** What reads the protocols; the default is traps and taps. */
  readonly inspection?: (host: InspectionHost & RecorderHost) => Inspection
}

/** A running data plane. Dispose it to close every socket. */
export interface RunningProxy extends AsyncDisposable {
  /** `http://127.0.0.1:8474` */
  readonly url: string
  readonly seed: number
  readonly plane: DataPlane
  readonly events: EventHub
  /** Closes all connections of the API's clients. They may connect again. */
  closeApiConnections(): void
}

/** Starts the data plane in this process. Throws an InputError if the configuration or an address cannot be used. */
export async function runProxy(options: ProxyOptions = {}): Promise<RunningProxy> {
  const seed = options.seed ?? freshSeed()
  const timers = createTimers()
  const lateness = measureTimerLateness(timers)
  const hub = new EventHub()
  const plane = new DataPlane({
    timers,
    random: createRandom(seed),
    listenHost: options.listenHost ?? '127.0.0.1',
    connectTimeoutMs: options.connectTimeoutMs ?? 30_000,
    plainAccept: options.plainAccept ?? false,
    emit: (event) => {
      inspection.linkEvent(event)
      hub.emit(event)
    },
    inspect: (connection) => inspection.inspect(connection),
    linksChanged: () => inspection.linksChanged(),
  })
  const inspect = options.inspection ?? createInspection
  const inspection: Inspection = inspect(inspectionHost(plane, hub, timers))
  const heartbeat = createLease(() => {
    inspection.heal()
    inspection.endRecordings()
    void plane.reset('the heartbeat stopped')
  })
  let policy = anyProxy
  const server = createApiServer({
    allowOrigins: options.allowOrigins ?? [],
    routes: [
      ...toxiproxyRoutes(plane, () => policy),
      ...extensionRoutes({ plane, heartbeat, inspection }),
      { path: '/events', stream: (request, response) => streamEvents(hub, request, response) },
      {
        path: '/metrics',
        methods: {
          GET: () => metricsResponse(plane, lateness, options.runtimeMetrics ?? false),
        },
      },
    ],
  })
  const close = async (): Promise<void> => {
    heartbeat.cancel()
    plane.close()
    timers.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  try {
    const { config, secret } = options
    const configured = config === undefined ? [] : await applyConfigFile(plane, config)
    if (options.ownProxiesOnly === true) policy = ownProxiesOnly(plane, secret, configured)
    const address = await listen(server, options.host ?? '127.0.0.1', options.port ?? 8474)
    const closeApiConnections = (): void => server.closeAllConnections()
    return {
      url: address,
      seed,
      plane,
      events: hub,
      closeApiConnections,
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function inspectionHost(
  plane: DataPlane,
  hub: EventHub,
  timers: Timers,
): InspectionHost & RecorderHost {
  return {
    setInspected: (link, on) => plane.link(link).setInspected(on),
    startRecorder: (recorder) => plane.startRecorder(recorder),
    links: () => [...plane.links.values()].map(({ name, protocol }) => ({ name, protocol })),
    silenceAll: (...request) => plane.silenceAll(...request),
    emit: (event) => hub.emit(event),
    now: () => timers.now(),
    after: (delayMs, run) => {
      const timer = timers.at(timers.now() + delayMs, run)
      return () => timer.cancel()
    },
  }
}

async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const { plain } = listenError({ host, port }, error)
      reject(
        new InputError(`The API ${plain}.`, {
          remedy: 'Give another --port, or end the process that uses this one.',
          cause: error,
        }),
      )
    })
    server.listen({ host, port }, resolve)
  })
  const address = addressOf(server.address())
  return `http://${address}`
}
