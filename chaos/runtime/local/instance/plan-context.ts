import path from 'node:path'

import type { Environment } from '#chaos/contracts/runtime.ts'
import type { System } from '#chaos/contracts/system.ts'

import type { LocalAddresses } from '../addresses.ts'

/** Where the processes of a sandbox run and how to start them. */
export interface PlanContext {
  readonly system: System
  readonly projectRoot: string
  readonly sandboxFolder: string
  readonly addresses: LocalAddresses
  /** Environment of every process: from the user's shell only what a program needs to run. */
  readonly baseEnvironment: Environment
  /** With it, requests may create proxies that are not links of the sandbox. */
  readonly linksSecret?: string
  /** The file of an instance before the first run: see {@link System.environmentOf}. */
  readonly fileOf: (instance: string) => string
  /** See {@link LocalRuntimeOptions}. */
  readonly codeFolder?: string
  /** The profiles that are on now. */
  readonly profilesOn: () => readonly string[]
}

/** File for standard output and error of an instance. */
export function logFileOf(name: string, { sandboxFolder }: PlanContext): string {
  return path.join(sandboxFolder, 'logs', `${name}.log`)
}
