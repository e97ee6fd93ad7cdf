import { eventFeed } from '../data/feeds.ts'
import {
  controllerNow,
  getPageState,
  onPageStateChange,
  type PageState,
} from '../data/page-state.ts'
import { sendsNow } from '../health/watch-impact.ts'
import { stageRecorder } from './recorder.ts'

/** Records the events, each view of the sandbox, and each loss of the connection. The returned function ends it. */
export function recordStage(): () => void {
  let last: Pick<PageState, 'sandbox' | 'connection'> = { sandbox: null, connection: 'connecting' }
  let lastSends = false
  const recordView = (state: PageState): void => {
    const { sandbox, connection } = state
    // The first event says what time it is on the controller's clock.
    if (sandbox === null || state.clockOffsetMs === 0) return
    const sends = sendsNow(state)
    if (sandbox === last.sandbox && connection === last.connection && sends === lastSends) return
    last = { sandbox, connection }
    lastSends = sends
    stageRecorder.addSnapshot(controllerNow(), connection === 'lost' ? null : sandbox, sends)
  }
  recordView(getPageState())
  const ends = [
    onPageStateChange(recordView),
    eventFeed.listen((event) => {
      stageRecorder.addEvent(event)
      if (event.type !== 'figures') return
      const exchanges = event.links.flatMap(({ link, exchanges: counted }) =>
        counted === undefined ? [] : [[link, counted] as const],
      )
      stageRecorder.addRates({
        ms: event.ms,
        bytesPerSecond: getPageState().bytesPerSecond,
        exchanges: new Map(exchanges),
      })
    }),
  ]
  return () => {
    for (const end of ends) end()
  }
}
