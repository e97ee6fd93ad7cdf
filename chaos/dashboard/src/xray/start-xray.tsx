import { useState } from 'preact/hooks'

import type { LabSummary, XrayList, XrayBody } from '../../../contracts/api.ts'
import { api } from '../data/api.ts'
import { systemName, usePageState } from '../data/page-state.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { XrayProgress } from './progress.tsx'
import { StartFlowFile } from './start-flow-file.tsx'
import { CheckChoice, StartForm } from './start-form.tsx'

/** Starts an X-ray: of a flow file of an adopted system, else of the selected code and flow. Only one runs at a time. */
export function StartXray(props: { readonly list: XrayList; readonly onReload: () => void }) {
  const { list, onReload } = props
  const running = list.xrays.find(({ state }) => state === 'running')
  if (list.cannotStart !== null) return <p>{list.cannotStart}</p>
  if (running !== undefined)
    return (
      <div class="stack">
        <p>
          <a href={`#/xray/${running.id}`}>
            {running.flow} of {running.variant}
          </a>{' '}
          is running. Open it to see the cells.
        </p>
        <XrayProgress xray={running} />
      </div>
    )
  if (list.files !== null) return <StartFlowFile files={list.files} onReload={onReload} />
  return <StartFlow list={list} />
}

function StartFlow({ list }: { readonly list: XrayList }) {
  const labs = useLoaded(api.labs, 'labs')
  const name = usePageState(systemName)
  const [code, setCode] = useState('')
  const [flow, setFlow] = useState(list.flows[0]?.name ?? '')
  const [quick, setQuick] = useState(false)
  const program = list.usesSandbox ? 'docker compose exec chaos unhappy' : 'npx unhappy'
  const request = requestOf(code, flow, quick)
  const note = (
    <>
      {list.usesSandbox
        ? `This takes several minutes. The X-ray uses this sandbox: no run, fault or traffic can start until it has ended. Then the ${name} is restored. `
        : `This takes a few minutes. The X-ray starts its own sandboxes: it does not affect the ${name} here, but it uses the machine. `}
      On the command line: <code>{commandOf(program, request)}</code>
    </>
  )
  return (
    <StartForm request={request} note={note}>
      <label>
        Code
        <select value={code} onChange={({ currentTarget }) => setCode(currentTarget.value)}>
          <option value="">the {name}</option>
          {(labs.value ?? []).flatMap((lab) => codesOf(lab))}
        </select>
      </label>
      <label>
        Flow
        <select value={flow} onChange={({ currentTarget }) => setFlow(currentTarget.value)}>
          {list.flows.map(({ name, description }) => (
            <option key={name} value={name} title={description}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <CheckChoice checked={quick} onChange={setQuick}>
        quick: skip cells that another cell represents
      </CheckChoice>
    </StartForm>
  )
}

function codesOf({ id, title, state }: LabSummary) {
  return [
    <option key={`${id} start`} value={`${id} start`}>
      {title}: start
    </option>,
    ...(state === 'new'
      ? []
      : [
          <option key={`${id} mine`} value={`${id} mine`}>
            {title}: your code
          </option>,
        ]),
  ]
}

function requestOf(code: string, flow: string, quick: boolean): XrayBody {
  const [lab, version] = code.split(' ')
  return {
    flow,
    mode: quick ? 'quick' : 'full',
    ...(lab === undefined || lab === '' ? {} : { lab }),
    ...(version === undefined ? {} : { version }),
  }
}

function commandOf(program: string, { flow, mode, lab, version }: XrayBody): string {
  return [
    `${program} xray ${flow}`,
    ...(mode === 'quick' ? ['--quick'] : []),
    ...(lab === undefined ? [] : [`--lab ${lab}`]),
    ...(version === undefined ? [] : [`--version ${version}`]),
  ].join(' ')
}
