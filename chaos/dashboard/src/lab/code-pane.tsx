import './code-pane.css'
import { useEffect, useRef, useState } from 'preact/hooks'

import type { Diagnostics, LabCode, LabView } from '../../../contracts/api.ts'
import { api, failureText } from '../data/api.ts'
import type { CodeEditor, EditedDocument } from '../editor/code-editor.ts'
import { TwoTexts } from '../editor/two-texts.tsx'
import { useLoaded } from '../hooks/use-loaded.ts'
import { panelIdOf, tabIdOf, TabList } from '../parts/tab-list.tsx'
import { ResetButton } from './reset-button.tsx'
import { SaveStatus } from './save-status.tsx'
import { StartLab } from './start-lab.tsx'
import { TypeStatus } from './type-status.tsx'
import { useAutosaves } from './use-autosaves.ts'
import type { Autosaves } from './use-autosaves.ts'

/** A value that a render does not depend on. */
export interface Holder<Value> {
  current: Value
}

/** What other parts of the page do with the editor. */
export interface CodeHandle {
  /** False while there is no editor. */
  focus(): boolean
  /** True when every file is on disk. */
  flush(): Promise<boolean>
}

/** The learner's files in an editor, with what they need to be read: types and files of the system. */
export function CodePane({
  lab,
  handle,
  onCheck,
  onChange,
}: {
  readonly lab: LabView
  readonly handle: Holder<CodeHandle | null>
  readonly onCheck: () => void
  readonly onChange: (lab: LabView) => void
}) {
  const started = lab.files.length > 0
  // More files can be shown after a section was unlocked.
  const open = lab.sections.filter(({ markdown }) => markdown !== undefined).length
  const code = useLoaded(async () => api.labCode(lab.id), `${lab.id} ${started} ${open}`)
  if (code.error !== null && code.value === null)
    return <p class="panel error small">{code.error}</p>
  if (code.value === null) return <p class="panel empty">Loading the code …</p>
  if (code.value.files.length === 0)
    return (
      <section class="panel stack">
        <h2>Code</h2>
        <StartLab lab={lab} onChange={onChange} />
      </section>
    )
  return (
    <LoadedCode lab={lab} code={code.value} handle={handle} onCheck={onCheck} onChange={onChange} />
  )
}

interface ShownFile {
  readonly id: string
  /** A file of the learner. */
  readonly seam?: string
  readonly title: string
  readonly path: string
  readonly text: string
}

function LoadedCode({
  lab,
  code,
  handle,
  onCheck,
  onChange,
}: Parameters<typeof CodePane>[0] & { readonly code: LabCode }) {
  const editor = useRef<CodeEditor | null>(null)
  const autosaves = useAutosaves(lab, code, (seam, text) => {
    editor.current?.replace(`file-${seam}`, text)
    setReloaded(seam)
  })
  const [reloaded, setReloaded] = useState<string | null>(null)
  const [types, setTypes] = useState<ReadonlyMap<string, Diagnostics>>(new Map())
  const files = filesOf(code)
  const [chosen, setChosen] = useState<string | null>(null)
  const shown = files.find(({ id }) => id === chosen) ?? files[0]
  const seam = shown?.seam

  const actions = useRef({ onSave: () => {}, onCheck: () => {} })
  actions.current = { onSave: () => void autosaves.flush(), onCheck }
  const focus = (): boolean => {
    editor.current?.focus()
    return editor.current !== null
  }
  handle.current = { flush: autosaves.flush, focus }
  const edited = (name: string, text: string): void => {
    setReloaded(null)
    autosaves.of(name)?.edit(text)
  }
  const documentOf = (file: ShownFile): EditedDocument => ({
    id: file.id,
    text: autosaves.of(file.seam ?? '')?.draft?.text ?? file.text,
    label: `${file.path}${file.seam === undefined ? ', read-only' : ''}`,
    ...(file.seam === undefined
      ? {}
      : {
          help: helpFor(lab.id, file.seam, edited, (name, result) =>
            setTypes((before) => new Map(before).set(name, result)),
          ),
        }),
  })

  const { host, error, ready } = useEditor(editor, actions)
  useEffect(() => {
    if (ready && shown !== undefined) editor.current?.show(documentOf(shown))
  }, [ready, shown?.id])

  const saveState = autosaves.states.get(seam ?? '')?.kind
  useEffect(() => {
    if (saveState === 'saved') editor.current?.saved()
  }, [saveState])

  if (shown === undefined) return null
  return (
    <section class="panel code" aria-label="Code">
      <div class="code-head">
        <TabList
          group="code"
          label="Files"
          class="files"
          tabs={files.map(({ id, title }) => ({ id, label: title }))}
          chosen={shown.id}
          onChoose={setChosen}
        />
        <span class="path small muted mono">
          {shown.path}
          {seam === undefined && ' (read-only)'}
        </span>
      </div>
      {seam !== undefined && <Conflict seam={seam} autosaves={autosaves} />}
      <div
        id={panelIdOf('code', shown.id)}
        class="code-panel"
        role="tabpanel"
        aria-labelledby={tabIdOf('code', shown.id)}
      >
        {error === null ? (
          <div class="code-host" ref={host} data-testid="editor" />
        ) : (
          <p class="error small">{error}</p>
        )}
      </div>
      {seam !== undefined && (
        <footer class="code-foot small">
          <SaveStatus
            state={autosaves.states.get(seam)}
            reloaded={reloaded === seam}
            onRetry={() => void autosaves.flush()}
          />
          <TypeStatus
            result={types.get(seam)}
            onGo={({ line, column }) => editor.current?.goTo(line, column)}
          />
          <span class="keys muted">
            <kbd>Tab</kbd> indents. <kbd>Esc</kbd> <kbd>Tab</kbd> leaves the editor.
          </span>
          <ResetButton lab={lab} autosaves={autosaves} onChange={onChange} />
        </footer>
      )}
    </section>
  )
}

/** The files in the order of their tabs: the learner's own first. */
function filesOf(code: LabCode): readonly ShownFile[] {
  return [
    ...code.files.map((file) => ({ ...file, id: `file-${file.seam}`, title: nameOf(file.path) })),
    ...(code.types.length === 0 ? [] : [typesOf(code)]),
    ...code.shopFiles.map((file, i) => ({ ...file, id: `shop-${i}`, title: nameOf(file.path) })),
  ]
}

/** All types as one text, each below the name of its file. */
function typesOf({ types }: LabCode): ShownFile {
  return {
    id: 'types',
    title: 'Types',
    path: 'What your code receives and returns',
    text: types.map(({ path, text }) => `// ${path}\n${text.trim()}\n`).join('\n'),
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function helpFor(
  lab: string,
  seam: string,
  onEdit: (seam: string, text: string) => void,
  onDiagnostics: (seam: string, result: Diagnostics) => void,
): NonNullable<EditedDocument['help']> {
  return {
    onEdit: (text) => onEdit(seam, text),
    diagnose: async (text) => api.diagnostics(lab, { seam, text }),
    onDiagnostics: (result) => onDiagnostics(seam, result),
    complete: async (place) => api.completions(lab, { seam, ...place }),
    hover: async (place) => api.hover(lab, { seam, ...place }),
  }
}

/** Loads CodeMirror when the first file is shown. The page without it stays small. */
function useEditor(
  editor: Holder<CodeEditor | null>,
  actions: Holder<{ readonly onSave: () => void; readonly onCheck: () => void }>,
) {
  const host = useRef<HTMLDivElement>(null)
  const [ready, setReady] = useState(false)
  const [error, setError] = useState<string | null>(null)
  useEffect(() => {
    let current = true
    const load = async (): Promise<void> => {
      try {
        const { createCodeEditor } = await import('../editor/code-editor.ts')
        if (!current || host.current === null) return
        editor.current = createCodeEditor(host.current, {
          onSave: () => actions.current.onSave(),
          onCheck: () => actions.current.onCheck(),
        })
        setReady(true)
      } catch (failure) {
        setError(`The editor could not be loaded. Load the page again. ${failureText(failure)}`)
      }
    }
    void load()
    return () => {
      current = false
      editor.current?.destroy()
      editor.current = null
    }
  }, [])
  return { host, ready, error }
}

/** Both versions of a file that another program changed. Nothing is written until the learner chooses. */
function Conflict({ seam, autosaves }: { readonly seam: string; readonly autosaves: Autosaves }) {
  const state = autosaves.states.get(seam)
  const autosave = autosaves.of(seam)
  if (state?.kind !== 'conflict' || autosave === undefined) return null
  return (
    <section class="conflict stack" role="alert" data-testid="conflict">
      <h3>Another program changed this file</h3>
      <p class="small">
        You have changes here that are not on disk. Choose one version. Until then nothing is
        written.
      </p>
      <TwoTexts
        left={{ title: 'On disk', text: state.theirs.text }}
        right={{ title: 'Here, in the page', text: autosave.draft?.text ?? '' }}
      />
      <div class="row">
        <button data-testid="keep-mine" onClick={() => void autosave.keepMine()}>
          Keep the version of this page
        </button>
        <button data-testid="take-theirs" onClick={() => autosave.takeTheirs()}>
          Use the version on disk
        </button>
        <span class="small muted">Ctrl+Z in the editor brings the text of this page back.</span>
      </div>
    </section>
  )
}
