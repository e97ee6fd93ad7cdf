import { formatRunTime } from '../../../contracts/run-clock.ts'
import { flowHref } from './flow-links.ts'
import type { FlowLinks } from './flow-name.tsx'
import { setMoment, useMoment } from './moment.ts'

/** Within this time of a line, the line is at the moment that the page shows. */
const nearMs = 0.5

/** The time of a line of a story: pointing at it shows that moment, and it opens the diagram there. */
export function StoryTime(props: {
  readonly ms: number
  /** The flow of the story. */
  readonly about: string
  readonly flows: FlowLinks | undefined
}) {
  const { ms, about, flows } = props
  const moment = useMoment(flows?.run ?? '')
  const id = flows?.find(about)
  if (flows === undefined) return <time>{formatRunTime(ms)}</time>
  const show = (): void => setMoment(flows.run, ms)
  const isNow = moment !== null && Math.abs(moment - ms) <= nearMs
  return (
    <time class={isNow ? 'now' : ''} onMouseEnter={show}>
      {id === undefined ? (
        formatRunTime(ms)
      ) : (
        <a
          href={flowHref(flows.run, id)}
          title="Open the diagram at this moment"
          onClick={show}
          onFocus={show}
        >
          {formatRunTime(ms)}
        </a>
      )}
    </time>
  )
}
