import './flow-file.css'
import { useEffect, useState } from 'preact/hooks'

import type { FlowFileView, XrayBody } from '../../../contracts/api.ts'
import { systemTitle, usePageState } from '../data/page-state.ts'
import { CheckChoice, StartForm } from './start-form.tsx'

const example = `# checkout.flow.yaml
requests:
  - send: POST /orders
    body: { orderId: "{{id}}", sku: tea }
settle: 5s`

const minuteMs = 60_000
const budgets = [10, 30, 60] as const

/** Starts an X-ray of a flow file in the folder of the adopted system. */
export function StartFlowFile(props: {
  readonly files: readonly FlowFileView[]
  readonly onReload: () => void
}) {
  const { files, onReload } = props
  const title = usePageState(systemTitle)
  const [chosen, setChosen] = useState<string | null>(null)
  const [retry, setRetry] = useState(false)
  const [minutes, setMinutes] = useState<number>(budgets[0])
  useEffect(() => {
    // The user edits the file in another window.
    window.addEventListener('focus', onReload)
    return () => window.removeEventListener('focus', onReload)
  }, [])
  const usable = files.filter((file) => file.error === null)
  const file = usable.find(({ name }) => name === chosen) ?? usable[0]
  const request: XrayBody | null =
    file === undefined
      ? null
      : { flow: file.name, mode: 'full', retry, budgetMs: minutes * minuteMs }
  const note = (
    <>
      The X-ray kills processes of {title} and loses messages between them. No fault can start until
      it has ended. Your data stays, with the rows of every run. Cells for which there is no time
      are listed as not run.
      {file !== undefined && (
        <>
          {' '}
          On the command line: <code>{commandOf(file.name, retry, minutes)}</code>
        </>
      )}
    </>
  )
  return (
    <StartForm request={request} note={note}>
      <fieldset class="flow-files" data-testid="flow-files">
        <legend>
          Flow files in the folder of {title}{' '}
          <button type="button" class="quiet small" onClick={onReload}>
            Read again
          </button>
        </legend>
        {files.length === 0 && <NoFile />}
        {files.map((one) => (
          <FileRow
            key={one.name}
            file={one}
            checked={one === file}
            onChoose={() => setChosen(one.name)}
          />
        ))}
      </fieldset>
      <label>
        Ends after
        <select
          value={String(minutes)}
          onChange={({ currentTarget }) => setMinutes(Number(currentTarget.value))}
        >
          {budgets.map((budget) => (
            <option key={budget} value={String(budget)}>
              {budget} minutes
            </option>
          ))}
        </select>
      </label>
      <CheckChoice checked={retry} onChange={setRetry}>
        the client sends each request twice
      </CheckChoice>
    </StartForm>
  )
}

function FileRow(props: {
  readonly file: FlowFileView
  readonly checked: boolean
  readonly onChoose: () => void
}) {
  const { file, checked, onChoose } = props
  return (
    <label class="flow-file">
      <input
        type="radio"
        name="flow-file"
        checked={checked}
        disabled={file.error !== null}
        onChange={onChoose}
      />
      <code>{file.name}</code>
      {file.error === null ? (
        <span class="muted">{file.description}</span>
      ) : (
        <span class="error">{file.error}</span>
      )}
    </label>
  )
}

function NoFile() {
  return (
    <div class="stack">
      <p>
        There is none. Create a file whose name ends in <code>.flow.yaml</code>:
      </p>
      <pre class="logs asis">{example}</pre>
      <p class="small muted">
        {'Every run has another {{id}}. A module with a function runs from the command line: '}
        <code>npx unhappy xray checkout.flow.js</code>
      </p>
    </div>
  )
}

function commandOf(name: string, retry: boolean, minutes: number): string {
  return [
    `npx unhappy xray ${name}`,
    ...(retry ? ['--retry'] : []),
    ...(minutes === budgets[0] ? [] : [`--budget ${minutes}m`]),
  ].join(' ')
}
