import { readFile, writeFile } from 'node:fs/promises'
import { arch, cpus, platform, release } from 'node:os'

import { InputError, messageOf } from '#chaos/lib/errors.ts'

import type { FigureRow } from './rounds.ts'

/** The figures that benches measured, with the machine. */
export interface Figures {
  readonly at: string
  readonly machine: string
  /** By name of the bench. */
  readonly rows: Readonly<Record<string, readonly FigureRow[]>>
}

export function machineLine(): string {
  const cpu = cpus()
  return `${cpu.length} x ${cpu[0]?.model ?? 'unknown'}, ${platform()} ${release()} ${arch()}, node ${process.version}`
}

export async function saveFigures(file: string, rows: Figures['rows']): Promise<void> {
  const figures: Figures = { at: new Date().toISOString(), machine: machineLine(), rows }
  await writeFile(file, `${JSON.stringify(figures, null, 1)}\n`)
}

/** Reads a file of {@link saveFigures}. Throws an InputError if the file is missing or has other content. */
export async function loadFigures(file: string): Promise<Figures> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new InputError(`--compare ${file}: ${messageOf(error)}.`, { cause: error })
  })
  const figures = parsed(text)
  if (figures?.rows === undefined || Array.isArray(figures.rows))
    throw new InputError(`--compare ${file} does not contain figures of a bench.`, {
      remedy: 'Create such a file: npm run bench -- --save FILE',
    })
  return figures as Figures
}

function parsed(text: string): Partial<Figures> | undefined {
  try {
    return JSON.parse(text) as Partial<Figures>
  } catch {
    return undefined
  }
}
