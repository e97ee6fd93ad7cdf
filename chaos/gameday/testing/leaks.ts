import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { GamedayView } from '#chaos/contracts/gameday/gameday-view.ts'
import type { Incident } from '#chaos/contracts/gameday/incident.ts'

/** What was read where. */
export interface Reading {
  readonly from: string
  readonly text: string
}

/** They describe all faults that exist, whether or not one is active. */
const descriptions = /^\/api\/(catalogue|openapi\.json|labs)/

/** The texts of a game day that give the answer away. */
export function leaksIn(incident: Incident, readings: readonly Reading[]): readonly string[] {
  const words = [
    incident.title,
    incident.story,
    `"incident":"${incident.id}"`,
    '"what":"toxic-',
    '"type":"fault"',
    'chaos-fault',
    ...incident.faults.flatMap(({ kind, params = {} }) => [
      ...['kind', 'type', 'toxic', 'mechanism', 'look'].map((key) => `"${key}":"${kind}`),
      `"type":"${kind.replaceAll('-', '_')}`,
      `type="${kind.replaceAll('-', '_')}`,
      ...(kind.includes('-') ? [kind] : []),
      ...Object.keys(params)
        .filter((name) => /[a-z][A-Z]/.test(name))
        .map((name) => `"${name}"`),
    ]),
  ]
  return readings.flatMap(({ from, text }) =>
    words.filter((word) => text.includes(word)).map((word) => `${from}: ${word}`),
  )
}

/** Reads every route that reads, the log of every part, the data plane, and the events so far. */
export async function readEverything(
  client: ApiClient,
  signal: AbortSignal,
): Promise<readonly Reading[]> {
  const { url, token } = client.file
  const get = async (path: string, base = url): Promise<Reading> => {
    const response = await fetch(new URL(path, base), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(20_000)]),
      headers: { authorization: `Bearer ${token}` },
    })
    return { from: path, text: await response.text() }
  }
  const { paths } = JSON.parse((await get('/api/openapi.json')).text) as {
    readonly paths: Readonly<Record<string, { readonly get?: object }>>
  }
  const routes = Object.entries(paths)
    .filter(([path, { get: reads }]) => reads !== undefined && !/[{*]/.test(path))
    .map(([path]) => path)
    .filter(
      (path) => path.startsWith('/api/') && path !== '/api/events' && !descriptions.test(path),
    )
  const view = await client.sandbox()
  const names = view.instances.map(({ name }) => name)
  const ofApi = await Promise.all(routes.map(async (path) => await get(path)))
  const logs = await Promise.all(
    names.map(async (name) => await get(`/api/instances/${name}/logs?tail=1000`)),
  )
  const ofLinks = await Promise.all(
    ['/proxies', '/links', '/traps', '/metrics'].map(
      async (path) => await get(path, view.urls.proxy),
    ),
  )
  return [...ofApi.map(withoutCauses), ...logs, ...ofLinks, await readEvents(client, view.lastSeq)]
}

/** The causes that a learner can choose are all kinds of faults. */
function withoutCauses(reading: Reading): Reading {
  if (reading.from !== '/api/gameday') return reading
  const view = JSON.parse(reading.text) as GamedayView | null
  return { ...reading, text: JSON.stringify({ ...view, causes: [] }) }
}

async function readEvents(client: ApiClient, last: number): Promise<Reading> {
  const texts: string[] = []
  const over = new AbortController()
  for await (const event of client.events({}, 0, over.signal)) {
    texts.push(JSON.stringify(event))
    if (event.seq >= last) break
  }
  over.abort()
  return { from: '/api/events', text: texts.join('\n') }
}
