import type { ProbeReport } from '../probe-report.ts'
import type { Runtime } from '../runtime.ts'

/** Places in a system where another version of one file can replace the system's own: a lab replaces some of them. */
export interface SystemSeams {
  readonly names: readonly string[]
  /** The name of the one function that a seam's file exports: `placeOrder`. */
  exportOf(seam: string): string
  /** The system's own version. Relative to the project's root. */
  fileOf(seam: string): string
  /** Loads a seam file as the system does, in another process, and looks for its function. `path` is absolute. */
  probe(path: string, exportName: string, options?: ProbeOptions): Promise<SeamProbe>
  /**
   * Tests the promises of the labs' READMEs directly on seam files. The files load and export their functions. Absent: there are
   * no such tests.
   */
  probeContracts?(request: ContractRequest): Promise<readonly ProbeReport[]>
}

/** Where code that is not trusted runs. */
export interface ProbeOptions {
  /** The process may read its file and the system's own, and neither write files nor start processes. */
  readonly confined?: boolean
  /** See {@link ContractRequest}. Absent: a child process. */
  readonly runApart?: Runtime['runApart']
}

export type SeamProbe =
  | { readonly ok: true }
  /**
   * `machine`: the process got too little processor time, so nothing is known about the file. `problem` continues a sentence
   * that starts with the file's name.
   */
  | {
      readonly ok: false
      readonly kind: 'load' | 'export' | 'machine'
      readonly problem: string
      /** Where in the source the problem is, if that is known. It is also part of `problem`. */
      readonly place?: SourcePlace
    }

export interface SourcePlace {
  /** Absolute path. */
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly column: number
  /** The line of the source. */
  readonly source: string
}

export interface ContractRequest {
  /** Folder of the seam files. */
  readonly folder: string
  readonly seams: readonly string[]
  /** The runtime's way to run a program apart from the controller. Undefined: a child process is apart enough. */
  readonly runApart: Runtime['runApart']
  /** See {@link ProbeOptions}. */
  readonly confined?: boolean
  readonly signal: AbortSignal
}
