import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  Lexer,
  LineCounter,
  parseDocument,
  Parser,
  visit,
} from 'yaml'
import type { Document, YAMLError } from 'yaml'

import { nestingMax, scenarioLengthMax } from '#chaos/contracts/max.ts'
import { InputError } from '#chaos/lib/errors.ts'

/** A parsed YAML text with the lines of its values. */
export interface ScenarioText {
  readonly value: unknown
  /** Line of the value at the path, from 1; if there is none, of the nearest enclosing value. */
  lineOf(path: readonly string[]): number
  /** Line of a key of the mapping at the path. */
  lineOfKey(path: readonly string[], key: string): number
}

/** Parses the YAML of a scenario. Throws {@link InputError} with file, line and remedy for the first error. */
export function readScenarioText(text: string, file: string): ScenarioText {
  if (text.length > scenarioLengthMax)
    throw new InputError(
      `${file} has ${text.length} characters. A scenario has at most ${scenarioLengthMax}.`,
      { remedy: 'Check that it is the right file.' },
    )
  refuseDeepNesting(text, file)
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    // A key that is a list is an unknown key: no second message on standard error.
    logLevel: 'error',
  })
  const lineAt = (offset: number): number => lines.linePos(offset).line
  const [error] = document.errors
  if (error !== undefined) {
    const line = lineAt(error.pos[0])
    throw yamlError(error, `${file}:${line}`, text.split('\n')[line - 1] ?? '')
  }
  refuseAliases(document, text, (offset) => `${file}:${lineAt(offset)}`)
  const value: unknown = document.toJS()
  if (value === null || value === undefined)
    throw new InputError(`${file} is empty.`, {
      remedy: 'A scenario needs at least title, workload and expect.',
    })
  return {
    value,
    lineOf: (path) => lineAt(offsetOf(document, path)),
    lineOfKey: (path, key) => {
      const map = document.getIn(path, true)
      const pair = isMap(map) ? map.items.find((item) => isKey(item.key, key)) : undefined
      const start = isPair(pair) && isNode(pair.key) ? pair.key.range?.[0] : undefined
      return lineAt(start ?? offsetOf(document, path))
    },
  }
}

/** The reader of YAML calls itself for each level, so a deep text exhausts the stack. The parser before it does not. */
function refuseDeepNesting(text: string, file: string): void {
  const parser = new Parser()
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme));
    // A level is a collection, its entry and the document around it.
    if (parser.stack.length > nestingMax)
      throw new InputError(
        `${file}:${text.slice(0, parser.offset).split('\n').length}: The values are nested more than ${nestingMax} levels deep.`,
        { remedy: 'A scenario needs no more than ten levels.' },
      )
  }
}

function isKey(node: unknown, key: string): boolean {
  return isScalar(node) && String(node.value) === key
}

function offsetOf(document: Document.Parsed, path: readonly string[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

function yamlError(error: YAMLError, where: string, line: string): InputError {
  if (error.code === 'BAD_ALIAS') return unquotedStar(where, '*')
  return new InputError(`${where}: This is not valid YAML: ${error.message}.`, {
    remedy:
      remedies[error.code] ??
      (unquotedBraces.test(line)
        ? "YAML reads {{ as a map. Put quotes around the value: '{{id}}'."
        : 'Check the indentation, brackets and quotes there.'),
  })
}

/** `{{id}}` as a value, or at its beginning, without quotes. */
const unquotedBraces = /(^|[:,[{-])\s*\{\{/

const remedies: Partial<Record<YAMLError['code'], string>> = {
  DUPLICATE_KEY: 'Remove one of the two.',
  TAB_AS_INDENT: 'Indent with spaces.',
  MULTIPLE_DOCS: 'A file contains one scenario: remove the ---.',
}

/** In YAML a value that begins with `*` is an alias. In a scenario it is always a pattern without quotes. */
function refuseAliases(
  document: Document.Parsed,
  text: string,
  place: (offset: number) => string,
): void {
  visit(document, {
    Alias(_key, node) {
      if (!isAlias(node)) return
      const [start, end] = node.range ?? [0, 0]
      throw unquotedStar(place(start), text.slice(start, end))
    },
  })
}

function unquotedStar(where: string, value: string): InputError {
  return new InputError(`${where}: In YAML an unquoted ${value} is an alias, not a pattern.`, {
    remedy: `Put it in quotes: "${value}".`,
  })
}
