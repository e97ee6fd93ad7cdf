import { useEffect, useState } from 'preact/hooks'

export interface Route {
  readonly page: string
  readonly id: string | undefined
}

/** `#/labs/dual-write` is page `labs` with id `dual-write`; nothing at all is the sandbox. */
export function useRoute(): Route {
  const [route, setRoute] = useState(read)
  useEffect(() => {
    const listener = (): void => {
      setRoute(read())
      window.scrollTo(0, 0)
    }
    window.addEventListener('hashchange', listener)
    return () => window.removeEventListener('hashchange', listener)
  }, [])
  return route
}

function read(): Route {
  const [page = '', id] = location.hash.replace(/^#\/?/, '').split('/')
  return {
    page: page === '' ? 'sandbox' : page,
    id: id === undefined ? undefined : decodeURIComponent(id),
  }
}
