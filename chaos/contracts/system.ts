import type { Flow, SystemXray } from './flow.ts'
import type { Environment } from './runtime.ts'
import type { ShopSetup } from './scenario.ts'
import type { SystemPage } from './system-page.ts'
import type { Instance, Topology } from './topology.ts'

/**
 * What a sandbox runs, and everything that chaos/ knows about it. A system is a value: the parts of chaos/ receive it, and none
 * of them knows a name that is in it.
 */
export interface System {
  /** One lower-case word: `shop`. Also the name of its database, of the database's user, and the user's password. */
  readonly name: string
  readonly topology: Topology

  // How its processes run.

  /** Absent: a run starts with an empty database, and the instances create their own tables. */
  readonly database?: SystemDatabase
  /** The paths of every instance's health checks, which receive 200 when it is ready or live. Absent: `/health/ready` and `/health/live`. */
  readonly healthPaths?: HealthPaths
  /** The path at which every instance reports the seams that it runs. Absent: the system has no seams. */
  readonly seamsPath?: string
  /** Starts the system in Docker. Relative to the project's root. Absent: it runs as plain processes only. */
  readonly composeFile?: string
  /**
   * Variables of an instance in addition to those that every instance receives: INSTANCE, HOST, PORT, and the addresses of its
   * links (DATABASE_URL, REDIS_URL, `<CALLEE>_URL`). `file` is a path without an extension, for data that must outlive a crash
   * of the instance. No other instance and no other run has it.
   */
  environmentOf?(instance: Instance, file: string): Environment

  // What an X-ray runs.

  /** By name: `place-order`. The first one is the default, and new processes handle it once before they count. */
  readonly flows: Readonly<Record<string, Flow>>
  /** Absent: every part has its default. */
  readonly xray?: SystemXray

  /** What the dashboard shows about it beyond the topology. */
  readonly page?: SystemPage
}

/** The program that recreates all tables and data. */
export interface SystemDatabase {
  /**
   * Relative to the project's root. It receives DATABASE_URL. Exit status 78 means that the set-up is not valid; then its
   * standard error says why.
   */
  readonly program: string
  /** Variables that tell the program how a scenario sets the system up. */
  environmentFor?(setup: ShopSetup): Environment
}

export interface HealthPaths {
  readonly ready: string
  readonly live: string
}

const healthPathsDefault: HealthPaths = { ready: '/health/ready', live: '/health/live' }

/** The paths of the health checks of every instance. */
export function healthPathsOf({ healthPaths }: Pick<System, 'healthPaths'>): HealthPaths {
  return healthPaths ?? healthPathsDefault
}
