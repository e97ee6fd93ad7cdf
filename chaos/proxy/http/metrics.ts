import type { DataPlane } from '../plane/data-plane.ts'
import type { Link } from '../plane/link.ts'
import type { TimerLateness } from '../time/timer-lateness.ts'
import type { ApiResponse } from './response.ts'

/** Prometheus' text format. The counters have Toxiproxy's names and labels, and also count live connections. */
export function metricsResponse(
  plane: DataPlane,
  lateness: TimerLateness,
  runtime: boolean,
): ApiResponse {
  const links = [...plane.links.values()]
  const lines = [
    ...bytes(links, 'received', 'Bytes read from a connection.'),
    ...bytes(links, 'sent', 'Bytes written to a connection.'),
    ...family('unhappy_link_connections', 'gauge', 'Live connections.'),
    ...links.map((link) => sample('unhappy_link_connections', link, link.connections.size)),
    ...family('unhappy_link_connections_total', 'counter', 'Connections accepted.'),
    ...links.map((link) => sample('unhappy_link_connections_total', link, link.figures().opened)),
    ...family('unhappy_link_up', 'gauge', '1 while the link accepts connections.'),
    ...links.map((link) => sample('unhappy_link_up', link, link.enabled ? 1 : 0)),
    ...family('unhappy_link_toxics', 'gauge', 'Toxics on the link.'),
    ...links.map((link) => sample('unhappy_link_toxics', link, link.toxics.size)),
    ...family(
      'unhappy_toxic_touched_connections_total',
      'counter',
      'Connections changed by toxics of a type.',
    ),
    ...links.flatMap(touches),
    ...family(
      'unhappy_timer_late_max_seconds',
      'gauge',
      'The longest delay of a timer since the previous read. NaN: it is measured from now on.',
    ),
    `unhappy_timer_late_max_seconds ${lateness.readMaxMs() / 1_000}`,
    ...(runtime ? runtimeLines() : []),
  ]
  return {
    status: 200,
    type: 'text/plain; version=0.0.4; charset=utf-8',
    text: `${lines.join('\n')}\n`,
  }
}

function bytes(links: readonly Link[], what: 'received' | 'sent', help: string): string[] {
  const name = `toxiproxy_proxy_${what}_bytes_total`
  const samples = links.flatMap((link) => {
    const figures = link.figures()
    return (['upstream', 'downstream'] as const).map((direction) =>
      sample(name, link, figures[direction][what], {
        direction,
        listener: link.listen,
        upstream: link.upstream,
      }),
    )
  })
  return [...family(name, 'counter', help), ...samples]
}

function touches(link: Link): string[] {
  return [...link.touches].map(([type, count]) =>
    sample('unhappy_toxic_touched_connections_total', link, count, { type }),
  )
}

function runtimeLines(): string[] {
  const { rss, heapUsed } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  return [
    ...family('process_resident_memory_bytes', 'gauge', 'Resident memory.'),
    `process_resident_memory_bytes ${rss}`,
    ...family('nodejs_heap_size_used_bytes', 'gauge', 'Heap in use.'),
    `nodejs_heap_size_used_bytes ${heapUsed}`,
    ...family('process_cpu_seconds_total', 'counter', 'User and system CPU time.'),
    `process_cpu_seconds_total ${(user + system) / 1e6}`,
  ]
}

function family(name: string, type: 'counter' | 'gauge', help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`]
}

function sample(
  name: string,
  link: Link,
  value: number,
  labels: Record<string, string> = {},
): string {
  const all = Object.entries({ ...labels, proxy: link.name }).toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  )
  const text = all.map(([label, text]) => `${label}="${escape(text)}"`).join(',')
  return `${name}{${text}} ${value}`
}

function escape(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
