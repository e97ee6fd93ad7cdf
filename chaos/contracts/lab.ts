export type Track = 'first-steps' | 'backend-reality' | 'data-correctness' | 'production-reality'

/** Title and subject of each track: half a sentence. */
export const tracks: Readonly<Record<Track, { readonly title: string; readonly about: string }>> = {
  'first-steps': { title: 'First steps', about: 'one line of code, five minutes' },
  'backend-reality': { title: 'Backend Reality', about: 'how services communicate' },
  'data-correctness': {
    title: 'Data Correctness',
    about: 'data that stays correct during failures',
  },
  'production-reality': { title: 'Production Reality', about: 'services designed for failure' },
}

export interface SeamFile {
  /** Name of the seam and of its file: `place-order` is `place-order.ts`. */
  readonly seam: string
  /** The service whose instances load it. */
  readonly service: 'api' | 'worker' | 'payments'
}

export interface Prediction {
  /** The learner answers it before the first run. After that run the prediction cannot change. */
  readonly question: string
  /** Three to five. */
  readonly answers: readonly string[]
  /** Index of the answer that the run confirms. */
  readonly right: number
  /** Shown after the run, with the measurement. */
  readonly because: string
}

/** A wrong fix that looks right. */
export interface NearMiss {
  /** Folder under `near-misses/`. */
  readonly name: string
  /** The check that it must violate. */
  readonly fails: string
  readonly because: string
}

/** Messages of a lab's code: the exchanges of one link. */
export interface SweptExchanges {
  /** Services, not instances: `api:postgres`. */
  readonly link: string
  /** Only exchanges after the first one of the flow with this signature: `POST /charges`. */
  readonly after?: string
  /** Only exchanges before the first one of the flow with this signature. */
  readonly before?: string
  /** Signatures of exchanges that the shop sends, not the seam. `*` matches any characters. */
  readonly except?: readonly string[]
  /** Only what the client's first request causes. */
  readonly firstAttempt?: true
}

/** The messages that the lab's code sends during a flow. A check applies faults to each of them. */
export interface LabSweep {
  /** Name of a flow of the system: `place-order`. */
  readonly flow: string
  readonly exchanges: readonly SweptExchanges[]
}

/** A lab: the data in `labs/<track>/<lab>/lab.ts`. It contains no code. */
export interface Lab {
  /** Unique; the folder's name: `dual-write`. */
  readonly id: string
  readonly track: Track
  readonly title: string
  /** One sentence: the property that must hold. */
  readonly goal: string
  /** What breaks: half a sentence without a full stop, for the generated tables of labs. */
  readonly breaks: string
  /** What the learner learns: half a sentence for the same tables. */
  readonly lesson: string
  readonly minutes: number
  readonly seams: readonly SeamFile[]
  /** The check that the starting version must violate. */
  readonly fails: string
  readonly nearMisses: readonly NearMiss[]
  /**
   * The messages to sweep. `no-flow`: no flow of the X-ray runs this code. Absent: the code sends no messages of its own.
   */
  readonly sweep?: LabSweep | 'no-flow'
  /** Folders under `alternatives/`: correct fixes of another design. Each must hold. */
  readonly alternatives: readonly string[]
  readonly prediction: Prediction
  /** In this order: each says more than the one before. */
  readonly hints: readonly string[]
  readonly learned: readonly string[]
  readonly buildsOn?: readonly string[]
}

export function defineLab(lab: Lab): Lab {
  return lab
}
