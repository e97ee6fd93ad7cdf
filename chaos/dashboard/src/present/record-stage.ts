import { eventFeed } from '../data/feeds.ts'
import {
  controllerNow,
  getPageState,
  onPageStateChange,
  type PageState,
} from '../data/page-state.ts'
import { stageRecorder } from './recorder.ts'

/** Records the events, each view of the sandbox, and each loss of the connection. The returned function ends it. */
export function recordStage(): () => void {
  let last: Pick<PageState, 'sandbox' | 'connection'> = { sandbox: null, connection: 'connecting' }
  const recordView = (state: PageState): void => {
    const { sandbox, connection } = state
    // The first event says what time it is on the controller's clock.
    if (sandbox === null || state.clockOffsetMs === 0) return
    if (sandbox === last.sandbox && connection === last.connection) return
    last = { sandbox, connection }
    stageRecorder.addSnapshot(controllerNow(), connection === 'lost' ? null : sandbox)
  }
  recordView(getPageState())
  const ends = [
    onPageStateChange(recordView),
    eventFeed.listen((event) => {
      stageRecorder.addEvent(event)
      if (event.type === 'figures') stageRecorder.addRates(event.ms, getPageState().bytesPerSecond)
    }),
  ]
  return () => {
    for (const end of ends) end()
  }
}
