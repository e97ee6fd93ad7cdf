import { useState } from 'preact/hooks'

import type { SeatRow } from '../../../../contracts/workshop.ts'
import { useAction } from '../../hooks/use-action.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import type { HostApi } from '../host-api.ts'
import { ActionError } from './action-error.tsx'
import { ConfirmButton } from './confirm-button.tsx'

interface Props {
  readonly api: HostApi
  readonly seats: readonly SeatRow[]
}

const columns = ['Seat', 'Learner', 'State', 'Memory', 'Disk', 'Actions'] as const

/** The seats of this host: their learners, and what they use. */
export function SeatPanel({ api, seats }: Props) {
  const taken = seats.filter(({ name }) => name !== null).length
  return (
    <section class="panel learners seats" aria-labelledby="seats-title">
      <header>
        <h2 id="seats-title">Seats</h2>
        <span class="hint">
          {taken} of {seats.length} taken
        </span>
      </header>
      <table role="table" aria-labelledby="seats-title">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th role="columnheader" key={column}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {seats.map((row) => (
            <Row key={row.seat} api={api} row={row} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Row({ api, row }: { readonly api: HostApi; readonly row: SeatRow }) {
  const { seat, name, memory, disk, problem } = row
  return (
    <tr role="row">
      <th role="rowheader" scope="row" class="number">
        {seat}
      </th>
      <td role="cell" data-title="Learner" class="name">
        {name ?? <span class="muted">free</span>}
      </td>
      <td role="cell" data-title="State" class="state">
        {stateText(row)}
        {problem !== null && <span class="why">⚠ {problem}</span>}
      </td>
      <td role="cell" data-title="Memory" class="number">
        {sizeText(memory)}
      </td>
      <td role="cell" data-title="Disk" class="number">
        {sizeText(disk)}
      </td>
      <td role="cell" class="actions">
        {name !== null && <RowActions api={api} row={row} name={name} />}
      </td>
    </tr>
  )
}

function RowActions({
  api,
  row: { seat, state },
  name,
}: {
  readonly api: HostApi
  readonly row: SeatRow
  readonly name: string
}) {
  const action = useAction()
  const [link, setLink] = useState<string | null>(null)
  const look = async (): Promise<void> => {
    const { path } = await api.seatLink(seat, { role: 'instructor' })
    window.open(path, '_blank', 'noopener')
  }
  const newLink = async (): Promise<void> => {
    const { path } = await api.seatLink(seat, { role: 'learner' })
    setLink(`${location.origin}${path}`)
  }
  return (
    <span class="row">
      <button
        class="small"
        disabled={action.busy}
        aria-label={`Look into the seat of ${name}`}
        onClick={() => action.run(look)}
      >
        Look in
      </button>
      <button
        class="small quiet"
        disabled={action.busy}
        aria-label={`A new link for ${name}`}
        onClick={() => action.run(newLink)}
      >
        New link
      </button>
      {(state === 'ready' || state === 'failed') && (
        <ConfirmButton
          label="Restart"
          question={`Restart the seat of ${name}?`}
          class="small quiet"
          disabled={action.busy}
          act={() => action.run(async () => api.restartSeat(seat))}
        >
          For a seat that no longer responds. A check in progress ends. The code and the progress of
          the learner stay.
        </ConfirmButton>
      )}
      <ConfirmButton
        label="Free"
        question={`Free the seat of ${name}?`}
        class="small quiet"
        disabled={action.busy}
        act={() => action.run(async () => api.freeSeat(seat))}
      >
        The browser of {name} no longer opens it, and the next learner receives it empty. The work
        of {name} is kept in the folder of the workshop.
      </ConfirmButton>
      {state === 'full' && (
        <ConfirmButton
          label="Delete runs"
          question={`Delete the runs of ${name}?`}
          class="small"
          disabled={action.busy}
          act={() => action.run(async () => api.clearSeat(seat))}
        >
          The code and the progress of the learner stay. The seat then starts again.
        </ConfirmButton>
      )}
      {link !== null && (
        <span class="small">
          It opens the seat once, within 10 minutes. <CopyButton text={link} />
        </span>
      )}
      <ActionError action={action} />
    </span>
  )
}

function stateText({ state, isChecking, queue }: SeatRow): string {
  if (isChecking) return 'checks'
  if (queue !== null) return `waits for a check: place ${queue.place} of ${queue.of}`
  return state
}

function sizeText(bytes: number | null): string {
  return bytes === null ? '' : `${Math.round(bytes / 1024 ** 2)} MiB`
}
