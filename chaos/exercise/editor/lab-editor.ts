import { join } from 'node:path'

import type {
  Completions,
  Diagnostic,
  Diagnostics,
  DiagnosticsBody,
  Hover,
  LabCode,
  PositionBody,
  SaveBody,
} from '#chaos/contracts/api.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import type { System } from '#chaos/contracts/system.ts'
import type { SeamProbe } from '#chaos/contracts/system/seams.ts'
import type { Home } from '#chaos/home/home.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { unknownName } from '#chaos/lib/errors.ts'

import { findLab } from '../find-lab.ts'
import { workFolder } from '../folders.ts'
import { labCode } from './lab-code.ts'
import { readLabFile, saveLabFile, versionOf, type Saved } from './lab-files.ts'

/** Checks the types of a text. `waitMs`: how long to wait before it responds that it is starting. */
export interface TextChecker {
  diagnostics(text: string, waitMs: number): Promise<Diagnostics>
  completions(
    text: string,
    at: { readonly line: number; readonly column: number },
    waitMs: number,
  ): Promise<Completions>
  hover(
    text: string,
    at: { readonly line: number; readonly column: number },
    waitMs: number,
  ): Promise<Hover>
}

export interface LabEditorOptions {
  readonly system: Pick<System, 'seams'>
  readonly home: Home
  readonly labs: readonly Lab[]
  readonly clock: Clock
  readonly checker: TextChecker
  /** The README without its locked sections. */
  readmeOf(lab: string): Promise<string>
}

/** What an editor of a lab's files needs. Methods throw {@link InputError} for an unknown lab or seam. */
export interface LabEditor {
  code(id: string): Promise<LabCode>
  save(id: string, seam: string, body: SaveBody): Promise<Saved>
  /** Type errors of any text. For the text that is saved also what loading the file fails with. */
  diagnostics(id: string, body: DiagnosticsBody): Promise<Diagnostics>
  completions(id: string, body: PositionBody): Promise<Completions>
  hover(id: string, body: PositionBody): Promise<Hover>
}

/** A page must not wait longer: it shows that the checker starts, and asks again. */
const waitMs = 900

export function createLabEditor(options: LabEditorOptions): LabEditor {
  const { system, home, labs, clock, checker } = options
  const loads = createLoads(options)
  return {
    code: async (id) => labCode(system, home, findLab(labs, id), await options.readmeOf(id)),
    save: async (id, seam, body) => saveLabFile(home, findLab(labs, id), seam, body),
    diagnostics: async (id, { text, seam }) => {
      const lab = findLab(labs, id)
      const name = seamOf(lab, seam)
      const startedAt = clock.now()
      const [types, load] = await Promise.all([
        checker.diagnostics(text, waitMs),
        withinMs(clock, loads.of(lab, name, text)),
      ])
      const lines = new Set(types.diagnostics.map(({ line }) => line))
      const state = load === 'late' && types.state === 'ready' ? 'starting' : types.state
      return {
        ...types,
        diagnostics: [
          ...types.diagnostics,
          // The type checker says the same about a syntax error or a missing import.
          ...(load === 'late' ? [] : load.filter(({ line }) => !lines.has(line))),
        ],
        tookMs: Math.round(clock.now() - startedAt),
        state,
      }
    },
    completions: async (id, { text, seam, ...at }) => {
      seamOf(findLab(labs, id), seam)
      return checker.completions(text, at, waitMs)
    },
    hover: async (id, { text, seam, ...at }) => {
      seamOf(findLab(labs, id), seam)
      return checker.hover(text, at, waitMs)
    },
  }
}

function seamOf(lab: Lab, wanted: string | undefined): string {
  const seams = lab.seams.map(({ seam }) => seam)
  const seam = wanted === undefined ? seams[0] : seams.find((known) => known === wanted)
  if (seam === undefined) throw unknownName('seam', wanted ?? '', seams)
  return seam
}

async function withinMs<T>(clock: Clock, work: Promise<T>): Promise<T | 'late'> {
  const done = new AbortController()
  const late = clock.sleep(waitMs, done.signal).then(
    () => 'late' as const,
    () => 'late' as const,
  )
  try {
    return await Promise.race([work, late])
  } finally {
    done.abort()
  }
}

/** What the saved files fail to load with. A file is loaded once per version: its code runs then. */
function createLoads({ system: { seams }, home }: LabEditorOptions) {
  const newest = new Map<string, { readonly version: string; readonly found: Promise<Loaded> }>()
  const load = async (path: string, seam: string): Promise<Loaded> => {
    const exportName = seams?.exportOf(seam)
    if (seams === undefined || exportName === undefined) return []
    return diagnosticOf(await seams.probe(path, exportName), path)
  }
  return {
    of: async (lab: Lab, seam: string, text: string): Promise<Loaded> => {
      const saved = await readLabFile(home, lab, seam).catch(() => undefined)
      const version = versionOf(text)
      // The text of an editor is not loaded before the learner saves it.
      if (saved?.version !== version) return []
      const path = join(workFolder(home, lab), `${seam}.ts`)
      const known = newest.get(path)
      if (known?.version === version) return known.found
      const found = load(path, seam)
      newest.set(path, { version, found })
      // A probe that failed itself says nothing about the file: the next question asks again.
      found.catch(() => newest.delete(path))
      return found
    },
  }
}

type Loaded = readonly Diagnostic[]

function diagnosticOf(probe: SeamProbe, path: string): Loaded {
  if (probe.ok || probe.kind === 'machine') return []
  const { problem, place } = probe
  const isHere = place !== undefined && place.file === path
  const [line, column] = isHere ? [place.line, place.column] : [1, 1]
  return [
    {
      line,
      column,
      endLine: line,
      endColumn: isHere ? Math.max(column + 1, place.source.length + 1) : column + 1,
      severity: 'error',
      // The place has its own fields. A place in another file is part of the message.
      message: isHere ? (problem.split('\n')[0] ?? problem).replace(/:$/, '') : problem,
      source: 'import',
    },
  ]
}
