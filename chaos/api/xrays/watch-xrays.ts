import { open, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { StringDecoder } from 'node:string_decoder'

import type { XrayEvent } from '#chaos/contracts/events.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { liveFileName, lostAfterMs } from '#chaos/xray/live/live-line.ts'
import { createLiveReader, type LiveReader } from '#chaos/xray/live/live-reader.ts'
import { withoutHistory } from '#chaos/xray/live/xray-view.ts'
import type { Cell } from '#chaos/xray/matrix.ts'

import { summaryOfLive } from './archived-xray.ts'
import { xrayIds } from './xray-archive.ts'

const pollMs = 500

export interface WatchXrays {
  /** The runs folder. */
  readonly folder: string
  readonly clock: Clock
  readonly publish: (event: XrayEvent) => void
}

/**
 * Publishes the progress of every X-ray in the runs folder, of all processes, until it is disposed. It polls the files:
 * file system events are not reliable.
 */
export function watchXrays(options: WatchXrays): AsyncDisposable {
  const ended = new AbortController()
  const followed = new Map<string, Followed>()
  const over = new Set<string>()
  const loop = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      // A file that cannot be read now is read the next time.
      await poll(options, followed, over).catch(() => undefined)
      await options.clock.sleep(pollMs, ended.signal).catch(() => undefined)
    }
  }
  const polling = loop()
  return {
    [Symbol.asyncDispose]: async () => {
      ended.abort()
      await polling
    },
  }
}

interface Followed {
  readonly reader: LiveReader
  readonly decoder: StringDecoder
  offset: number
  status: string
  published: boolean
}

async function poll(
  { folder, clock, publish }: WatchXrays,
  followed: Map<string, Followed>,
  over: Set<string>,
): Promise<void> {
  for (const id of await xrayIds(folder)) {
    if (over.has(id)) continue
    const path = join(folder, id, liveFileName)
    const file = await stat(path).catch(() => undefined)
    const one = followed.get(id) ?? start()
    if (file === undefined) {
      const isDone = await stat(join(folder, id, 'xray.json')).catch(() => undefined)
      // Without both files it has not started yet.
      if (isDone !== undefined) over.add(id)
      if (followed.delete(id)) publish(endOf(id, one, isDone !== undefined))
      continue
    }
    followed.set(id, one)
    const fresh = file.size > one.offset ? one.reader.add(await readNewText(path, one)) : []
    const lost = clock.wallTimeMs() - file.mtimeMs > lostAfterMs
    const event = eventOf(id, one, { fresh, lost })
    if (event === undefined) continue
    if (event.state !== 'running') {
      over.add(id)
      followed.delete(id)
      // It had ended before the first poll: there is nothing to report.
      if (!one.published) continue
    }
    one.published = true
    publish(event)
  }
  // A stopped X-ray can delete its folder.
  for (const [id, one] of followed) {
    if (await stat(join(folder, id)).catch(() => undefined)) continue
    followed.delete(id)
    publish(endOf(id, one, false))
  }
}

function start(): Followed {
  return {
    reader: createLiveReader(),
    decoder: new StringDecoder('utf8'),
    offset: 0,
    status: '',
    published: false,
  }
}

/** Undefined when there is nothing new. */
function eventOf(
  id: string,
  one: Followed,
  { fresh, lost }: { readonly fresh: readonly Cell[]; readonly lost: boolean },
): XrayEvent | undefined {
  const summary = summaryOfLive(id, one.reader.state, lost)
  if (summary === undefined) return undefined
  const { state, status, done, total, leftMs } = summary
  const changed = fresh.length > 0 || status !== one.status || state !== 'running' || !one.published
  one.status = status
  if (!changed) return undefined
  return {
    type: 'xray',
    id,
    state,
    status,
    done,
    total,
    ...(leftMs === null ? {} : { leftMs }),
    cells: fresh.map(withoutHistory),
  }
}

/** The last event, after the live file is gone: done when there is a result, else stopped. */
function endOf(id: string, one: Followed, isDone: boolean): XrayEvent {
  const { cells, baseline } = one.reader.state
  return {
    type: 'xray',
    id,
    state: isDone ? 'done' : 'stopped',
    status: '',
    done: cells.length,
    total: baseline?.total ?? 0,
    cells: [],
  }
}

async function readNewText(path: string, one: Followed): Promise<string> {
  const handle: FileHandle = await open(path, 'r')
  await using _closing = handle
  const { size } = await handle.stat()
  const bytes = Buffer.alloc(size - one.offset)
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, one.offset)
  one.offset += bytesRead
  return one.decoder.write(bytes.subarray(0, bytesRead))
}
