import type { LearnerRow } from '../../../../contracts/workshop.ts'
import { useAction } from '../../hooks/use-action.ts'
import type { HostApi } from '../host-api.ts'
import { learnersText, minutesText, phaseWords, stuckText, verdictSigns } from '../words.ts'
import { ActionError } from './action-error.tsx'
import { saveExport } from './save-export.ts'

export interface Selection {
  /** Ids of learners. */
  readonly chosen: ReadonlySet<string>
  readonly choose: (learners: readonly string[]) => void
}

interface Props extends Selection {
  readonly api: HostApi
  readonly rows: readonly LearnerRow[]
  readonly nowMs: number
  /** Writes to one learner. */
  readonly onWrite: (learner: string) => void
}

const columns = ['Learner', 'Lab', 'Phase', 'Last verdict', 'Changed', 'Hints', 'Actions'] as const

/** One row per learner, in the sequence of the host: stuck learners are first. */
export function LearnerTable(props: Props) {
  const { rows, chosen, choose } = props
  const stuck = rows.filter((row) => row.stuck !== null).length
  const isAll = rows.length > 0 && rows.every(({ learner }) => chosen.has(learner))
  return (
    <section class="panel learners" aria-labelledby="learners-title">
      <header>
        <h2 id="learners-title">Learners</h2>
        <span class="hint">
          {learnersText(rows.length)}, {stuck} stuck, {chosen.size} selected
        </span>
      </header>
      {rows.length === 0 ? (
        <p class="empty">No learner has joined. Show the address and the code.</p>
      ) : (
        // With roles: on a narrow screen its rows are blocks, which ends their own roles.
        <table role="table" aria-labelledby="learners-title">
          <thead role="rowgroup">
            <tr role="row">
              <th role="columnheader" class="pick">
                <input
                  type="checkbox"
                  aria-label="Select all learners"
                  checked={isAll}
                  onChange={() => choose(isAll ? [] : rows.map(({ learner }) => learner))}
                />
              </th>
              {columns.map((column) => (
                <th role="columnheader" key={column}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {rows.map((row) => (
              <Row key={row.learner} {...props} row={row} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function Row(props: Props & { readonly row: LearnerRow }) {
  const { row, nowMs, chosen, choose } = props
  const { learner, name, lab, phase, lastVerdict, hintsUsed, isOnline } = row
  const isChosen = chosen.has(learner)
  const why = stuckText(row, nowMs)
  return (
    <tr role="row" class={why === null ? phase : `${phase} stuck`} data-learner={name}>
      <td role="cell" class="pick">
        <input
          type="checkbox"
          aria-label={`Select ${name}`}
          checked={isChosen}
          onChange={() =>
            choose(isChosen ? [...chosen].filter((id) => id !== learner) : [...chosen, learner])
          }
        />
      </td>
      <th role="rowheader" scope="row" class="name">
        {name}
        {!isOnline && phase !== 'left' && <span class="muted"> · offline</span>}
        {why !== null && <span class="why">⚠ {why}</span>}
      </th>
      <td role="cell" data-title="Lab" class="lab-id">
        {lab ?? <span class="muted">none</span>}
      </td>
      <td role="cell" data-title="Phase">
        {phaseWords[phase]}
      </td>
      <td role="cell" data-title="Last verdict">
        {lastVerdict === null ? (
          <span class="muted">none</span>
        ) : (
          <>
            <span class={`outcome ${lastVerdict.outcome}`}>
              {verdictSigns[lastVerdict.outcome]} {lastVerdict.outcome}
            </span>
            {lastVerdict.failed.length > 0 && (
              <span class="small muted"> {lastVerdict.failed.join(', ')}</span>
            )}
          </>
        )}
      </td>
      <td role="cell" data-title="Changed" class="number">
        {minutesText(nowMs - Date.parse(row.changedAt))}
      </td>
      <td role="cell" data-title="Hints" class="number">
        {hintsUsed}
      </td>
      <td role="cell" class="actions">
        <RowActions {...props} />
      </td>
    </tr>
  )
}

function RowActions({ api, row, onWrite }: Props & { readonly row: LearnerRow }) {
  const { learner, name, helpAskedAt } = row
  const action = useAction()
  return (
    <span class="row">
      {helpAskedAt !== null && (
        <button
          class="small"
          disabled={action.busy}
          aria-label={`Seen: the request for help of ${name}`}
          onClick={() => action.run(async () => api.seeHelp(learner))}
        >
          Seen
        </button>
      )}
      <button class="small" aria-label={`Write to ${name}`} onClick={() => onWrite(learner)}>
        Write
      </button>
      <button
        class="small quiet"
        aria-label={`Save the page of ${name}`}
        disabled={action.busy}
        onClick={() =>
          action.run(async () =>
            saveExport(api, `/api/workshop/learners/${encodeURIComponent(learner)}/export.html`, {
              name: `${learner}.html`,
            }),
          )
        }
      >
        Save
      </button>
      <ActionError action={action} />
    </span>
  )
}
