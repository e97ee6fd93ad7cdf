import type { Environment } from '#chaos/contracts/runtime.ts'
import type { ProgramPlace } from '#chaos/contracts/topology.ts'

const place = /\$\{([^}]*)\}/g
const linkPlace = /^link\.([a-z][a-z0-9_-]*)\.(url|host|port)$/

/** The names of callees in `${link.CALLEE.url}`; `unknown`: another text in `${}`. */
export function placesIn(
  value: string,
): readonly ({ readonly callee: string } | { readonly unknown: string } | 'port')[] {
  return [...value.matchAll(place)].map(([, name = '']) => {
    if (name === 'port') return 'port'
    const callee = linkPlace.exec(name)?.[1]
    return callee === undefined ? { unknown: name } : { callee }
  })
}

/** The variables of a process with the addresses of its links. PORT is its own port, unless the file says otherwise. */
export function filledIn(
  env: Readonly<Record<string, string>>,
  { port, urlOf }: ProgramPlace,
): Environment {
  const fill = (value: string): string =>
    value.replaceAll(place, (whole, name: string) => {
      if (name === 'port') return String(port)
      const [, callee, part] = linkPlace.exec(name) ?? []
      const url = callee === undefined ? undefined : urlOf(callee)
      if (url === undefined) return whole
      if (part === 'url') return url
      const { hostname, port: own } = new URL(url)
      return part === 'host' ? hostname : own
    })
  const filled = Object.entries(env).map(([name, value]) => [name, fill(value)] as const)
  return { PORT: String(port), ...Object.fromEntries(filled) }
}
