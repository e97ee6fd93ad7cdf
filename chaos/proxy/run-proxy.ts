import { readFile } from 'node:fs/promises'
import type { Server } from 'node:http'

import { InputError, messageOf } from '#chaos/lib/errors.ts'
import { createRandom, freshSeed } from '#chaos/lib/random.ts'

import { streamEvents } from './http/event-stream.ts'
import { extensionRoutes } from './http/extension-routes.ts'
import { parseGoJson } from './http/go-json.ts'
import { populateInput } from './http/inputs.ts'
import { metricsResponse } from './http/metrics.ts'
import { createApiServer } from './http/server.ts'
import { toxiproxyRoutes } from './http/toxiproxy-routes.ts'
import { addressOf } from './plane/address.ts'
import { DataPlane } from './plane/data-plane.ts'
import { EventHub } from './plane/event-hub.ts'
import type { Inspection, InspectionHost } from './plane/inspector.ts'
import { Heartbeat } from './time/heartbeat.ts'
import { createTimers, type Timers } from './time/timers.ts'
import { createInspection } from './traps/index.ts'

export interface ProxyOptions {
  /** Where the API listens. Default 127.0.0.1. */
  readonly host?: string
  /** Default 8474; 0 takes a free one. */
  readonly port?: number
  /** A JSON file: an array of proxies as `/populate` takes it, or an object with such a list in `proxies`. */
  readonly config?: string
  /** Of everything random; a fresh one when left out. */
  readonly seed?: number
  /** Where proxies listen that name no host. Default 127.0.0.1. */
  readonly listenHost?: string
  /** How long an upstream may take to accept. Default 30 s. */
  readonly connectTimeoutMs?: number
  /** Keeps off Node's private API for accepted connections: slower, and otherwise the same. */
  readonly plainAccept?: boolean
  readonly allowOrigins?: readonly string[]
  /** Figures of the process itself in `/metrics`. */
  readonly runtimeMetrics?: boolean
  /** Who reads the protocols; the default is traps and taps. */
  readonly inspection?: (host: InspectionHost) => Inspection
}

/** A running data plane. Disposing closes every socket. */
export interface RunningProxy extends AsyncDisposable {
  /** `http://127.0.0.1:8474` */
  readonly url: string
  readonly seed: number
  readonly plane: DataPlane
  readonly events: EventHub
  /** Cuts off everybody who speaks to the API; they may come back. */
  closeApiConnections(): void
}

/** Starts the data plane in this process. Throws an InputError for a configuration or address that cannot be used. */
export async function runProxy(options: ProxyOptions = {}): Promise<RunningProxy> {
  const seed = options.seed ?? freshSeed()
  const timers = createTimers()
  const hub = new EventHub()
  const plane = new DataPlane({
    timers,
    random: createRandom(seed),
    listenHost: options.listenHost ?? '127.0.0.1',
    connectTimeoutMs: options.connectTimeoutMs ?? 30_000,
    plainAccept: options.plainAccept ?? false,
    emit: (event) => hub.emit(event),
    inspect: (connection) => inspection.inspect(connection),
    linksChanged: () => inspection.linksChanged(),
  })
  const inspect = options.inspection ?? createInspection
  const inspection: Inspection = inspect(inspectionHost(plane, hub, timers))
  const heartbeat = new Heartbeat(() => {
    inspection.heal()
    void plane.reset('the heartbeat stopped')
  })
  const server = createApiServer({
    allowOrigins: options.allowOrigins ?? [],
    routes: [
      ...toxiproxyRoutes(plane),
      ...extensionRoutes({ plane, heartbeat, inspection }),
      { path: '/events', stream: (request, response) => streamEvents(hub, request, response) },
      {
        path: '/metrics',
        methods: { GET: () => metricsResponse(plane, options.runtimeMetrics ?? false) },
      },
    ],
  })
  const close = async (): Promise<void> => {
    heartbeat.end()
    plane.close()
    timers.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  try {
    if (options.config !== undefined) await populateFromFile(plane, options.config)
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

function inspectionHost(plane: DataPlane, hub: EventHub, timers: Timers): InspectionHost {
  return {
    setInspected: (link, on) => plane.link(link).setInspected(on),
    links: () => [...plane.links.values()].map(({ name, protocol }) => ({ name, protocol })),
    silenceAll: (instance, except) => plane.silenceAll(instance, except),
    emit: (event) => hub.emit(event),
    now: () => timers.now(),
    after: (delayMs, run) => {
      const timer = timers.at(timers.now() + delayMs, run)
      return () => timer.cancel()
    },
  }
}

async function populateFromFile(plane: DataPlane, file: string): Promise<void> {
  try {
    const inputs = populateInput(parseGoJson(await readFile(file, 'utf8')))
    await plane.populate(inputs, () => {})
  } catch (error) {
    throw new InputError(`${file}: ${messageOf(error)}`, {
      remedy: 'Give a JSON array of {"name", "listen", "upstream"}, as Toxiproxy takes it.',
      cause: error,
    })
  }
}

async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        new InputError(`The API cannot listen on ${host}:${port}: ${messageOf(error)}.`, {
          remedy: 'Give another --port, or end what listens there.',
        }),
      )
    })
    server.listen({ host, port }, resolve)
  })
  const address = addressOf(server.address())
  return `http://${address}`
}
