import { useState } from 'preact/hooks'

import type { LabSummary, XrayList, XrayBody } from '../../../contracts/api.ts'
import { api } from '../data/api.ts'
import { useAction } from '../hooks/use-action.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { Progress } from './progress.tsx'

/** Makes one: whose code, which flow. One at a time. */
export function StartXray({ list }: { readonly list: XrayList }) {
  const labs = useLoaded(api.labs, 'labs')
  const { busy, error, run } = useAction()
  const [code, setCode] = useState('')
  const [flow, setFlow] = useState('place-order')
  const [quick, setQuick] = useState(false)
  const going = list.xrays.find(({ state }) => state === 'running')
  if (list.cannotStart !== null)
    return (
      <p>
        {list.cannotStart} Where Node is: <code>npx unhappy xray place-order</code>
      </p>
    )
  if (going !== undefined)
    return (
      <div class="stack">
        <p>
          <a href={`#/xray/${going.id}`}>
            {going.flow} of {going.variant}
          </a>{' '}
          is being made: watch it fill.
        </p>
        <Progress xray={going} />
      </div>
    )
  const start = (): void =>
    run(async () => {
      const { id } = await api.startXray(orderOf(code, flow, quick))
      location.hash = `#/xray/${id}`
    })
  return (
    <form
      class="form xray-start"
      onSubmit={(event) => {
        event.preventDefault()
        start()
      }}
    >
      <label>
        Whose code
        <select value={code} onChange={({ currentTarget }) => setCode(currentTarget.value)}>
          <option value="">the shop’s own</option>
          {(labs.value ?? []).flatMap((lab) => codesOf(lab))}
        </select>
      </label>
      <label>
        What the customer does
        <select value={flow} onChange={({ currentTarget }) => setFlow(currentTarget.value)}>
          {list.flows.map(({ name, description }) => (
            <option key={name} value={name} title={description}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={quick}
          onChange={({ currentTarget }) => setQuick(currentTarget.checked)}
        />
        quick: leave out cells that another stands for
      </label>
      <button class="primary" disabled={busy} data-testid="start-xray">
        {busy ? 'Starting …' : 'Make an X-ray'}
      </button>
      <p class="small muted">
        Takes a few minutes, in sandboxes of its own: the shop here is not touched, but the machine
        is busy. On the command line: <code>{commandOf(code, flow, quick)}</code>
      </p>
      {error !== null && (
        <p class="error small" role="alert">
          {error}
        </p>
      )}
    </form>
  )
}

function codesOf({ id, title, state }: LabSummary) {
  return [
    <option key={`${id} start`} value={`${id} start`}>
      {title}: as it starts
    </option>,
    ...(state === 'new'
      ? []
      : [
          <option key={`${id} mine`} value={`${id} mine`}>
            {title}: yours
          </option>,
        ]),
  ]
}

function orderOf(code: string, flow: string, quick: boolean): XrayBody {
  const [lab, version] = code.split(' ')
  return {
    flow,
    mode: quick ? 'quick' : 'full',
    ...(lab === undefined || lab === '' ? {} : { lab }),
    ...(version === undefined ? {} : { version }),
  }
}

function commandOf(code: string, flow: string, quick: boolean): string {
  const { lab, version } = orderOf(code, flow, quick)
  return [
    `npx unhappy xray ${flow}`,
    ...(quick ? ['--quick'] : []),
    ...(lab === undefined ? [] : [`--lab ${lab}`]),
    ...(version === undefined ? [] : [`--version ${version}`]),
  ].join(' ')
}
