import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'

import { usePageState } from './data/page-state.ts'

/** A component whose code the browser loads when the component is shown for the first time. */
export function loadedPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  let known: ComponentType<Props> | null = null
  return function LoadedPart(props: Props) {
    const [Part, setPart] = useState<ComponentType<Props> | null>(() => known)
    const [failed, setFailed] = useState(false)
    // Tries again when the controller responds again.
    const connection = usePageState((state) => state.connection)
    useEffect(() => {
      if (Part !== null) return
      const start = async (): Promise<void> => {
        try {
          known = await load()
          setFailed(false)
          setPart(() => known)
        } catch {
          setFailed(true)
        }
      }
      void start()
    }, [connection])
    if (failed)
      return (
        <p class="error" role="alert">
          A part of the page could not be loaded.{' '}
          <button onClick={() => location.reload()}>Load the page again</button>
        </p>
      )
    return Part === null ? <p class="empty">Loading …</p> : <Part {...props} />
  }
}
