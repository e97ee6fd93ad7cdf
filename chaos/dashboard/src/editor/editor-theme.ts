import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** The colours are variables of the page, so both themes need one style. The variables are in code-pane.css. */
const highlight = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--code-keyword)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null, tags.self], color: 'var(--code-number)' },
  { tag: [tags.typeName, tags.className, tags.namespace], color: 'var(--code-type)' },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName)],
    color: 'var(--code-function)',
  },
  { tag: tags.comment, color: 'var(--code-comment)', fontStyle: 'italic' },
  { tag: tags.invalid, color: 'var(--fail)' },
])

const layout = EditorView.theme({
  '&': {
    height: '100%',
    color: 'var(--ink)',
    backgroundColor: 'var(--code-ground)',
    fontSize: '0.88rem',
  },
  // The host shows the focus: the gutters would cover an outline here.
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.5', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '0.5rem 0' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '.cm-gutters': {
    backgroundColor: 'var(--code-ground)',
    color: 'var(--ink-3)',
    border: 'none',
    borderRight: '1px solid var(--edge)',
  },
  '.cm-activeLine': { backgroundColor: 'var(--code-line)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--code-line)', color: 'var(--ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { background: 'var(--code-selection)' },
  '.cm-selectionMatch': { backgroundColor: 'var(--code-match)' },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--code-match)',
    outline: '1px solid var(--ink-3)',
  },
  '.cm-searchMatch': { backgroundColor: 'var(--code-match)', outline: '1px solid var(--ink-3)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--code-selection)' },
  '.cm-panels': {
    backgroundColor: 'var(--panel-2)',
    color: 'var(--ink)',
    fontFamily: 'var(--sans)',
  },
  '.cm-panels-bottom': { borderTop: '1px solid var(--edge)' },
  '.cm-textfield': {
    backgroundColor: 'var(--panel)',
    border: '1px solid var(--edge)',
    color: 'var(--ink)',
  },
  '.cm-button': {
    backgroundImage: 'none',
    backgroundColor: 'var(--panel)',
    border: '1px solid var(--edge)',
    color: 'var(--ink)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--panel)',
    border: '1px solid var(--edge)',
    borderRadius: '6px',
    color: 'var(--ink)',
    boxShadow: 'var(--shadow)',
    maxWidth: 'min(44rem, 90vw)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--panel)',
  },
  '.cm-diagnostic': { fontFamily: 'var(--sans)', padding: '0.3rem 0.6rem', whiteSpace: 'pre-wrap' },
  '.cm-diagnostic-error': { borderLeft: '4px solid var(--fail)' },
  '.cm-diagnostic-warning': { borderLeft: '4px solid var(--unknown-mark)' },
  // CodeMirror draws the line under an error as an image, with a colour of its own.
  '.cm-lintRange': { backgroundImage: 'none', textDecoration: 'underline wavy 1px' },
  '.cm-lintRange-error': { textDecorationColor: 'var(--fail)' },
  '.cm-lintRange-warning': { textDecorationColor: 'var(--unknown)' },
  '.cm-lintRange-active': { backgroundColor: 'var(--code-match)' },
  '.cm-hover': {
    margin: '0',
    padding: '0.4rem 0.7rem',
    fontFamily: 'var(--mono)',
    fontSize: '0.82rem',
    whiteSpace: 'pre-wrap',
  },
})

export const editorTheme: Extension = [layout, syntaxHighlighting(highlight)]
