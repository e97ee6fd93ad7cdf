/** A lab, as `labs/<track>/<lab>/lab.ts` gives it. Only data: the engine and the CLI do the rest. */

export type Track = 'first-steps' | 'backend-reality' | 'data-correctness' | 'production-reality'

/** What each track is called, and what it is about: half a sentence. */
export const tracks: Readonly<Record<Track, { readonly title: string; readonly about: string }>> = {
  'first-steps': { title: 'First steps', about: 'five minutes, one line' },
  'backend-reality': { title: 'Backend Reality', about: 'how services really talk' },
  'data-correctness': {
    title: 'Data Correctness',
    about: 'data that stays right while things fail',
  },
  'production-reality': { title: 'Production Reality', about: 'designed for failure' },
}

export interface SeamFile {
  /** The seam's name, which is also its file's: `place-order` is `place-order.ts`. */
  readonly seam: string
  /** The service whose instances load it. */
  readonly service: 'api' | 'worker' | 'payments'
}

export interface Prediction {
  /** Asked and locked before the first run. */
  readonly question: string
  /** Three to five. */
  readonly answers: readonly string[]
  /** Index of the answer that the measured run bears out. */
  readonly right: number
  /** Told afterwards, beside the measurement. */
  readonly because: string
}

export interface NearMiss {
  /** Folder under `near-misses/`. */
  readonly name: string
  /** The check that it must fail. */
  readonly fails: string
  readonly because: string
}

export interface Lab {
  /** Unique; the folder's name: `dual-write`. */
  readonly id: string
  readonly track: Track
  readonly title: string
  /** One sentence: the property that must hold. */
  readonly goal: string
  /** For the tables of labs (`npm run docs` writes them): what breaks, half a sentence, no full stop. */
  readonly breaks: string
  /** Beside it: what one learns, half a sentence. */
  readonly lesson: string
  readonly minutes: number
  readonly seams: readonly SeamFile[]
  /** The check that the starting version must fail. */
  readonly fails: string
  readonly nearMisses: readonly NearMiss[]
  /** Folders under `alternatives/`: right fixes of another design, which must hold. */
  readonly alternatives: readonly string[]
  readonly prediction: Prediction
  /** From weak to strong. */
  readonly hints: readonly string[]
  readonly learned: readonly string[]
  readonly buildsOn?: readonly string[]
}

export function defineLab(lab: Lab): Lab {
  return lab
}
