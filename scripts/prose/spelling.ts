import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

import { decodeTrie, parseDictionary } from 'cspell-trie-lib'
import type { ITrie } from 'cspell-trie-lib'

import type { Segment } from './segment.ts'

export interface Misspelling {
  readonly offset: number
  readonly found: string
  /** Similar known words, the most similar first. */
  readonly suggestions: readonly string[]
}

/** The packages with dictionaries, and the dictionaries that are used. */
const used = {
  '@cspell/dict-en_us': ['en_us'],
  '@cspell/dict-en-gb-mit': ['en-gb'],
  '@cspell/dict-software-terms': [
    'computing-acronyms',
    'networking-terms',
    'software-tools',
    'softwareTerms',
    'web-services',
  ],
}

/** English words: no digits, no capitals inside, no dots or underscores at the ends, no values of HTML attributes. */
const word =
  /(?<![\p{L}\p{N}_$@#/\\.<-]|=["'])\p{L}[\p{L}'’]+\p{L}(?![\p{L}\p{N}_(/<]|\.\p{L}|-\p{N})/gu
const nameInCode = /\p{Ll}\p{Lu}|\p{Lu}\p{Lu}/u

/** Finds words that are in no dictionary. `words` are the project's own words, one per line. */
export function spellChecker(words: string): (segment: Segment) => readonly Misspelling[] {
  const dictionaries = [
    ...Object.entries(used).flatMap(([name, parts]) => dictionariesOf(name, parts)),
    parseDictionary(words),
  ]
  const known = new Map<string, boolean>()
  const isKnown = (found: string): boolean => {
    const plain = found.replaceAll('’', "'").replace(/'s?$/, '')
    const cached = known.get(plain)
    if (cached !== undefined) return cached
    const isOne = dictionaries.some(
      (one) => one.hasWord(plain, true) || one.hasWord(plain.toLowerCase(), false),
    )
    known.set(plain, isOne)
    return isOne
  }
  return ({ start, text }) =>
    [...text.matchAll(word)]
      .filter(([found]) => !nameInCode.test(found) && !isKnown(found))
      .map(({ index, 0: found }) => ({
        offset: start + index,
        found,
        suggestions: dictionaries[0]?.suggest(found, { numSuggestions: 2, timeout: 200 }) ?? [],
      }))
}

/** The main export of a cspell package is a JSON file with a list of its dictionaries. */
function dictionariesOf(name: string, parts: readonly string[]): readonly ITrie[] {
  const main = import.meta.resolve(name)
  const { dictionaryDefinitions } = JSON.parse(readFileSync(new URL(main), 'utf8')) as {
    readonly dictionaryDefinitions: readonly { readonly name: string; readonly path: string }[]
  }
  return parts.map((part) => {
    const definition = dictionaryDefinitions.find((one) => one.name === part)
    if (definition === undefined) throw new Error(`${name} has no dictionary "${part}".`)
    const bytes = readFileSync(new URL(definition.path, main))
    const text = (definition.path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
    return definition.path.includes('.trie') ? decodeTrie(text) : parseDictionary(text)
  })
}
