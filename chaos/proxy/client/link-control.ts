import type {
  LinkControl,
  LinkRecording,
  LinkStatus,
  RecordedMessages,
  RecordedTraffic,
  RecordingLimits,
  RecordingState,
  TrapStatus,
} from '#chaos/contracts/links.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import { dataPlaneEvents } from './data-plane-events.ts'
import { createRequester, requestChunks, type Requester, requestText } from './requester.ts'

export interface LinkControlOptions {
  readonly clock?: Clock
  /** The data plane heals by itself if it receives no heartbeat for this long. Default 8 s. */
  readonly deadAfterMs?: number
  /** The timeout of one request. Default 10 s. */
  readonly timeoutMs?: number
}

/**
 * Controls the data plane at `url` (`http://127.0.0.1:8474`) over HTTP. A refused request is an InputError, and so is
 * an unreachable data plane (status 503).
 */
export function createLinkControl(url: string, options: LinkControlOptions = {}): LinkControl {
  const { clock = systemClock, deadAfterMs = 8_000, timeoutMs = 10_000 } = options
  const request = createRequester(url, timeoutMs)
  const at = (link: string, ...rest: string[]): string =>
    ['', 'proxies', link, ...rest].map(encodeURIComponent).join('/')

  return {
    list: async () => (await request('GET', '/links')) as LinkStatus[],
    open: async ({ protocol, ...route }) => {
      const link = { ...route, ...(protocol === 'bytes' ? {} : { protocol }) }
      await request('POST', '/proxies', link, { ignore: ['proxy already exists'] })
    },
    lead: async (link, upstream) => {
      await request('PATCH', at(link), { upstream, keepConnections: true })
    },
    remove: async (link) => {
      await request('DELETE', at(link), undefined, { ignore: ['proxy not found'] })
    },
    addToxic: async (link, toxic) => {
      await request('POST', at(link, 'toxics'), toxic)
    },
    removeToxic: async (link, toxic) => {
      await request('DELETE', at(link, 'toxics', toxic), undefined, { ignore: ['toxic not found'] })
    },
    takeDown: async (link, lease) => {
      await request('PATCH', at(link), { enabled: false, ...lease })
    },
    bringUp: async (link) => {
      await request('PATCH', at(link), { enabled: true })
    },
    resetConnections: async (link) => {
      const { reset } = (await request('POST', at(link, 'reset'))) as { reset: number }
      return reset
    },
    heal: async () => {
      const body = await request('POST', '/reset', undefined, { accept: 500 })
      return (body as { failed?: { link: string; error: string }[] } | undefined)?.failed ?? []
    },
    armTrap: async (trap) => {
      await request('POST', '/traps', trap)
    },
    listTraps: async () => (await request('GET', '/traps')) as TrapStatus[],
    disarmTrap: async (id) => {
      await request('DELETE', `/traps/${encodeURIComponent(id)}`)
    },
    releaseHeld: async (id, then) => {
      // oxlint-disable-next-line unicorn/no-thenable -- a field of the API; it only becomes JSON
      await request('POST', `/traps/${encodeURIComponent(id)}/release`, { then })
    },
    events: (signal, onReconnect) =>
      dataPlaneEvents({ url, clock, deadAfterMs, request, signal, onReconnect }),
    record: (limits) => startRecording(url, request, limits),
    tap: async (links, lease) => {
      const { id } = (await request('POST', '/taps', { links, ...lease })) as { id: string }
      return {
        [Symbol.asyncDispose]: async () => {
          await request('DELETE', `/taps/${encodeURIComponent(id)}`)
        },
      }
    },
  }
}

/** The last line is the state of the recording. */
function readMessages(text: string): RecordedMessages {
  const end = text.lastIndexOf('\n', text.length - 2) + 1
  return { lines: text.slice(0, end), state: JSON.parse(text.slice(end)) as RecordingState }
}

/** The first line is the state of the recording. */
function readTraffic(chunks: readonly Buffer[]): RecordedTraffic {
  const lineEnds = chunks.findIndex((chunk) => chunk.includes('\n'))
  const first = Buffer.concat(chunks.slice(0, lineEnds + 1))
  const end = first.indexOf('\n') + 1
  const state = JSON.parse(first.toString('utf8', 0, end)) as Omit<RecordedTraffic, 'blocks'>
  return { ...state, blocks: [first.subarray(end), ...chunks.slice(lineEnds + 1)] }
}

/** The data plane finds the messages of a recording only when it is read: of a long run, that takes seconds. */
const readTimeoutMs = 60_000

async function startRecording(
  url: string,
  request: Requester,
  limits: RecordingLimits,
): Promise<LinkRecording> {
  const { id, ...began } = (await request('POST', '/recordings', limits)) as {
    id: string
  } & LinkRecording['began']
  const path = `/recordings/${encodeURIComponent(id)}`
  return {
    began,
    traffic: async () => readTraffic(await requestChunks(url, `${path}/traffic`, readTimeoutMs)),
    read: async () => readMessages(await requestText(url, path, readTimeoutMs)),
    [Symbol.asyncDispose]: async () => {
      await request('DELETE', path)
    },
  }
}
