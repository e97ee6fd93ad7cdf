import { useEffect, useState } from 'preact/hooks'

export interface PageRoute {
  readonly page: string
  readonly id: string | undefined
  /** What comes after it. */
  readonly rest: readonly string[]
}

/** `#/labs/dual-write` is page `labs` with id `dual-write`; nothing at all is the sandbox. */
export function usePageRoute(): PageRoute {
  const [route, setRoute] = useState(read)
  useEffect(() => {
    let before = read()
    const listener = (): void => {
      const next = read()
      // What is opened on a page does not move it.
      if (next.page !== before.page || next.id !== before.id) window.scrollTo(0, 0)
      before = next
      setRoute(next)
    }
    window.addEventListener('hashchange', listener)
    return () => window.removeEventListener('hashchange', listener)
  }, [])
  return route
}

function read(): PageRoute {
  const [page = '', id, ...rest] = location.hash.replace(/^#\/?/, '').split('/')
  return {
    page: page === '' ? 'sandbox' : page,
    id: id === undefined ? undefined : decodeURIComponent(id),
    rest: rest.map(decodeURIComponent),
  }
}
