import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { projectRoot } from '#chaos/home/home.ts'
import { writeAtomically } from '#chaos/lib/write-atomically.ts'

/** One time that a task was run. */
export interface Round {
  readonly ok: boolean
  readonly seconds: number
  readonly detail: string
  readonly at: string
}

/** What was run before, in `.unhappy/verify.json`: written after every round, so that an interruption loses one at most. */
export interface Memory {
  /** The rounds of this task with this very content; what ran with another is forgotten. */
  rounds(task: string, hash: string): readonly Round[]
  add(task: string, hash: string, round: Round): Promise<void>
  forget(task: string): void
}

const path = join(projectRoot, '.unhappy', 'verify.json')

export async function openMemory(): Promise<Memory> {
  const entries = await read()
  const rounds: Memory['rounds'] = (task, hash) => {
    const entry = entries[task]
    return entry?.hash === hash ? entry.rounds : []
  }
  return {
    rounds,
    add: async (task, hash, round) => {
      entries[task] = { hash, rounds: [...rounds(task, hash), round] }
      await mkdir(dirname(path), { recursive: true })
      await writeAtomically(path, `${JSON.stringify(entries, null, 2)}\n`)
    },
    forget: (task) => {
      delete entries[task]
    },
  }
}

type Entries = Record<string, { readonly hash: string; readonly rounds: readonly Round[] }>

/** A file that cannot be read remembers nothing: everything runs again. */
async function read(): Promise<Entries> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Entries
  } catch {
    return {}
  }
}
