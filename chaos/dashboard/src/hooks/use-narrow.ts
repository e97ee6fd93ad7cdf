import { useEffect, useState } from 'preact/hooks'

const query = '(max-width: 760px)'

/** The screen is as narrow as that of a phone. */
export function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia(query).matches)
  useEffect(() => {
    const media = matchMedia(query)
    const listener = (): void => setNarrow(media.matches)
    media.addEventListener('change', listener)
    return () => media.removeEventListener('change', listener)
  }, [])
  return narrow
}
