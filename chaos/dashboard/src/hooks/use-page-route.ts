import { useEffect, useState } from 'preact/hooks'

export interface PageRoute {
  readonly page: string
  readonly id: string | undefined
  /** The parts of the address after the id. */
  readonly rest: readonly string[]
}

/** The page in the address: `#/labs/dual-write` is the page `labs` with the id `dual-write`. An empty address is the sandbox. */
export function usePageRoute(): PageRoute {
  const [route, setRoute] = useState(read)
  useEffect(() => {
    let before = read()
    const listener = (): void => {
      const next = read()
      // A dialog changes only the rest of the address, so the page keeps its scroll position.
      if (next.page !== before.page || next.id !== before.id) window.scrollTo(0, 0)
      before = next
      setRoute(next)
    }
    window.addEventListener('hashchange', listener)
    // The address can change between the first render and this effect.
    setRoute((drawn) => (JSON.stringify(drawn) === JSON.stringify(before) ? drawn : before))
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
