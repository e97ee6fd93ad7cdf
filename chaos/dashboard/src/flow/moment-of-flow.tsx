import type { FlowRecord } from '../../../contracts/flow-record.ts'
import type { MomentState } from '../../../report/state-at.ts'
import { MomentPicture } from './moment-picture.tsx'
import { useMoment } from './moment.ts'

/** The picture at the moment, and what each source of truth holds then. */
export function MomentOfFlow(props: {
  readonly run: string
  readonly record: FlowRecord
  readonly fromMs: number
  readonly stateOf?: (ms: number) => MomentState
}) {
  const { run, record, fromMs, stateOf } = props
  const ms = useMoment(run) ?? fromMs
  const state = stateOf?.(ms) ?? { ms, instances: new Map(), faults: [], links: new Map() }
  const sources = [...new Set(record.holdings.map(({ source }) => source))]
  return (
    <div class="flow-moment">
      <MomentPicture state={state} flow={record} />
      {sources.length > 0 && (
        <dl class="facts" data-testid="holdings">
          {sources.map((source) => {
            const holding = record.holdings
              .filter((one) => one.source === source && one.atMs <= ms)
              .toSorted((a, b) => a.atMs - b.atMs)
              .at(-1)
            return (
              <>
                <dt>{source} holds</dt>
                <dd class={holding?.isWrong === true ? 'error' : ''}>
                  {holding === undefined ? (
                    <span class="muted">nothing known yet</span>
                  ) : (
                    holding.text
                  )}
                </dd>
              </>
            )
          })}
        </dl>
      )}
    </div>
  )
}
