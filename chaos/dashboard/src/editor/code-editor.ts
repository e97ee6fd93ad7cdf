import { autocompletion, closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete'
import type { Completion as Suggestion, CompletionSource } from '@codemirror/autocomplete'
import { completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language'
import { lintGutter, linter, lintKeymap } from '@codemirror/lint'
import type { Diagnostic as Mark } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { EditorState, StateEffect } from '@codemirror/state'
import type { Extension } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
} from '@codemirror/view'

import type { Completions, Diagnostic, Diagnostics, Hover } from '../../../contracts/api.ts'
import { editorTheme } from './editor-theme.ts'
import { offsetOf, placeOf } from './offset-of.ts'

/** Asks again while the type checker starts. */
const startingMs = 700
const lintDelayMs = 350

/** The text was saved. */
const onDisk = StateEffect.define<null>()

export interface EditedDocument {
  readonly id: string
  readonly text: string
  /** For screen readers. */
  readonly label: string
  /** Absent: the document is read-only. */
  readonly help?: DocumentHelp
}

/** What the type checker reports about the text of a document. */
export interface DocumentHelp {
  onEdit(text: string): void
  diagnose(text: string): Promise<Diagnostics>
  onDiagnostics(result: Diagnostics): void
  complete(place: Place): Promise<Completions>
  hover(place: Place): Promise<Hover>
}

export interface Place {
  readonly text: string
  readonly line: number
  readonly column: number
}

export interface CodeEditor {
  /** Shows a document. The earlier texts, the selection and unsaved edits of the others stay. */
  show(document: EditedDocument): void
  /** Replaces the text of a document that was shown. The learner can go back to the earlier text. */
  replace(id: string, text: string): void
  goTo(line: number, column: number): void
  /** The text of the shown document is on disk: only then the controller loads it, which can find more. */
  saved(): void
  focus(): void
  destroy(): void
}

export interface CodeEditorActions {
  readonly onSave: () => void
  readonly onCheck: () => void
}

/**
 * Creates an editor in a shadow root of its own. There, CodeMirror adds its styles as adopted style sheets, which the
 * content security policy of the page allows; in the document it would add a style element, which the policy forbids.
 */
export function createCodeEditor(host: HTMLElement, actions: CodeEditorActions): CodeEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  const states = new Map<string, EditorState>()
  // Until a document is shown.
  const empty = [readOnly, EditorView.contentAttributes.of({ 'aria-label': 'Code' })]
  const view = new EditorView({ root, parent: root, extensions: empty })
  let shown = ''
  return {
    show: (document) => {
      if (shown !== '') states.set(shown, view.state)
      const kept = states.get(document.id)
      const isCurrent =
        kept !== undefined && (document.help !== undefined || kept.doc.toString() === document.text)
      shown = document.id
      view.setState(isCurrent ? kept : stateOf(document, actions))
    },
    replace: (id, text) => {
      if (id === shown) view.dispatch(replacing(view.state, text))
      else {
        const kept = states.get(id)
        if (kept !== undefined) states.set(id, kept.update(replacing(kept, text)).state)
      }
    },
    goTo: (line, column) => {
      const anchor = offsetOf(view.state.doc, line, column)
      view.dispatch({ selection: { anchor }, scrollIntoView: true })
      view.focus()
    },
    saved: () => view.dispatch({ effects: onDisk.of(null) }),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  }
}

function replacing(state: EditorState, text: string) {
  return { changes: { from: 0, to: state.doc.length, insert: text } }
}

function stateOf(document: EditedDocument, actions: CodeEditorActions): EditorState {
  const { text, label, help } = document
  return EditorState.create({
    doc: text,
    extensions: [
      lineNumbers(),
      drawSelection(),
      bracketMatching(),
      EditorView.lineWrapping,
      highlightSelectionMatches(),
      search({ top: false }),
      javascript({ typescript: true }),
      EditorState.tabSize.of(2),
      indentUnit.of('  '),
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
      editorTheme,
      help === undefined ? readOnly : editing(help, actions),
      keymap.of([...defaultKeymap, ...searchKeymap, ...historyKeymap, ...lintKeymap]),
    ],
  })
}

const readOnly: Extension = [
  EditorState.readOnly.of(true),
  EditorView.contentAttributes.of({ 'aria-readonly': 'true' }),
]

function editing(help: DocumentHelp, { onSave, onCheck }: CodeEditorActions): Extension {
  const act = (action: () => void) => (): boolean => {
    action()
    return true
  }
  return [
    history(),
    indentOnInput(),
    closeBrackets(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    autocompletion({ override: [completionsFrom(help)], icons: false }),
    linter(async (view) => marksFor(view, help), {
      delay: lintDelayMs,
      needsRefresh: ({ transactions }) =>
        transactions.some(({ effects }) => effects.some((effect) => effect.is(onDisk))),
    }),
    lintGutter(),
    hoverTooltip(async (view, offset) => {
      const { markdown } = await help.hover(placeIn(view.state, offset))
      return markdown === null ? null : { pos: offset, create: () => ({ dom: hoverBox(markdown) }) }
    }),
    EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged) help.onEdit(state.doc.toString())
    }),
    keymap.of([
      { key: 'Mod-s', run: act(onSave), preventDefault: true },
      { key: 'Mod-Enter', run: act(onCheck), preventDefault: true },
      ...closeBracketsKeymap,
      ...completionKeymap,
      // Escape, then Tab, leaves the editor: a part of CodeMirror.
      indentWithTab,
    ]),
  ]
}

function placeIn(state: EditorState, offset: number): Place {
  return { text: state.doc.toString(), ...placeOf(state.doc, offset) }
}

async function marksFor(view: EditorView, help: DocumentHelp): Promise<readonly Mark[]> {
  const { doc } = view.state
  try {
    let result = await help.diagnose(doc.toString())
    help.onDiagnostics(result)
    while (result.state === 'starting' && view.state.doc === doc) {
      await new Promise((resolve) => setTimeout(resolve, startingMs))
      result = await help.diagnose(doc.toString())
      help.onDiagnostics(result)
    }
    return result.diagnostics.map((diagnostic) => markOf(view, diagnostic))
  } catch {
    // Without a response there are no marks. The page says elsewhere that the controller does not respond.
    return []
  }
}

function markOf({ state: { doc } }: EditorView, diagnostic: Diagnostic): Mark {
  const { line, column, endLine, endColumn, severity, message } = diagnostic
  const from = offsetOf(doc, line, column)
  return { from, to: Math.max(from, offsetOf(doc, endLine, endColumn)), severity, message }
}

/** The kinds for which CodeMirror has a type of its own. */
const typeOfKind: Readonly<Record<string, string>> = {
  method: 'method',
  function: 'function',
  field: 'property',
  property: 'property',
  variable: 'variable',
  constant: 'constant',
  class: 'class',
  interface: 'interface',
  keyword: 'keyword',
}

function completionsFrom(help: DocumentHelp): CompletionSource {
  return async (context) => {
    const word = context.matchBefore(/[\w$]+/)
    const afterDot = context.matchBefore(/\.[\w$]*/) !== null
    if (!context.explicit && word === null && !afterDot) return null
    const { items } = await help
      .complete(placeIn(context.state, context.pos))
      .catch((): Completions => ({ items: [], state: 'unavailable' }))
    if (context.aborted || items.length === 0) return null
    const options = items.map(({ label, kind, detail, insert }): Suggestion => ({
      label,
      type: typeOfKind[kind] ?? 'text',
      ...(detail === undefined ? {} : { detail }),
      ...(insert === undefined ? {} : { apply: insert }),
    }))
    return { from: word?.from ?? context.pos, options, validFor: /^[\w$]*$/ }
  }
}

/** The type and its comment. The fences of Markdown are left out; the rest reads well as text. */
function hoverBox(markdown: string): HTMLElement {
  const box = document.createElement('pre')
  box.className = 'cm-hover'
  box.textContent = markdown.replaceAll(/^```\w*\n?/gm, '').trim()
  return box
}
