import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { projectRoot } from '#chaos/home/home.ts'
import { writeAtomically } from '#chaos/lib/write-atomically.ts'

/** One run of a task. */
export interface Round {
  readonly ok: boolean
  readonly seconds: number
  readonly detail: string
  readonly at: string
}

/** The rounds in `.unhappy/verify.json`. The file is written after every round, so an interruption loses at most one. */
export interface PastRounds {
  /** The rounds of a task that ran with this hash. Rounds with another hash are dropped. */
  rounds(task: string, hash: string): readonly Round[]
  add(task: string, hash: string, round: Round): Promise<void>
  forget(task: string): void
}

const path = join(projectRoot, '.unhappy', 'verify.json')

export async function openPastRounds(): Promise<PastRounds> {
  const entries = await read()
  const rounds: PastRounds['rounds'] = (task, hash) => {
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

/** If the file cannot be read, every task runs again. */
async function read(): Promise<Entries> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Entries
  } catch {
    return {}
  }
}
