import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'

import type { LinkControl, LinkEvent } from '#chaos/contracts/links.ts'

import { createLinkControl } from '../client/link-control.ts'

/** A data plane in a separate process, so its memory can be measured. */
export interface DataPlaneProcess extends AsyncDisposable {
  readonly links: LinkControl
  readonly events: readonly LinkEvent[]
  /** Creates a link to a port of this machine; returns the link's port. */
  link(name: string, upstreamPort: number): Promise<number>
  /** Sends a request to the API; throws if it is refused. */
  call(method: string, path: string, body?: object): Promise<void>
  /** Resident memory in MB; NaN on systems without /proc. */
  residentMegabytes(): Promise<number>
}

export async function startDataPlane(seed: number): Promise<DataPlaneProcess> {
  const main = new URL('../main.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [main, '-port', '0', '-seed', String(seed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const { url } = JSON.parse(line) as { url: string }
  const links = createLinkControl(url, { deadAfterMs: 60_000 })
  const events: LinkEvent[] = []
  const listening = new AbortController()
  const collecting = collect(links, events, listening.signal)
  const call = async (method: string, path: string, body?: object): Promise<void> => {
    const response = await fetch(url + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${text}`)
  }
  return {
    links,
    events,
    call,
    link: async (name, upstreamPort) => {
      await call('POST', '/proxies', {
        name,
        listen: '127.0.0.1:0',
        upstream: `127.0.0.1:${upstreamPort}`,
      })
      const link = (await links.list()).find((one) => one.name === name)
      return Number(link?.listen.split(':').at(-1))
    },
    residentMegabytes: async () => {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? NaN) / 1_024
    },
    [Symbol.asyncDispose]: async () => {
      listening.abort()
      await collecting
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

async function collect(
  links: LinkControl,
  events: LinkEvent[],
  signal: AbortSignal,
): Promise<void> {
  for await (const event of links.events(signal)) if (event.type === 'link') events.push(event)
}
