import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * Where a process id has its meaning. A home or cache folder can be shared by a host, a container beside it and another
 * machine. A pid from one of them names another process, or none, in the others.
 */
export interface ProcessSpace {
  readonly machine: string
  /** Changes when the machine starts again; the same in all containers of one kernel. */
  readonly boot: string
  /** PID namespace; {@link unknownPids} if it cannot be read. */
  readonly pids: string
}

export type SpaceRelation =
  /** A pid can be looked up here. */
  | 'same'
  /** The same machine, before it started again: all its processes are gone. */
  | 'earlier-boot'
  /** The same kernel, another PID namespace. */
  | 'other-namespace'
  | 'elsewhere'

/** /proc belongs to another PID namespace, or is not there. */
const unknownPids = 'unknown'
/** Systems without a boot id, such as macOS. */
const noBoot = '0'

let own: ProcessSpace | undefined

/** The space of this process. */
export function ownProcessSpace(): ProcessSpace {
  return (own ??= readSpace())
}

/** As a word of letters, digits and underscores, separated by `-`. */
export function formatSpace({ machine, boot, pids }: ProcessSpace): string {
  return `${machine}-${boot}-${pids}`
}

/** Undefined for a text that {@link formatSpace} did not write. */
export function parseSpace(text: string): ProcessSpace | undefined {
  const [, machine, boot, pids] = /^(\w+)-(\w+)-(\w+)$/.exec(text) ?? []
  if (machine === undefined || boot === undefined || pids === undefined) return undefined
  return { machine, boot, pids }
}

/** What `other` is for this process. */
export function relationTo(other: ProcessSpace, mine = ownProcessSpace()): SpaceRelation {
  const sameMachine = other.machine === mine.machine
  if (other.boot !== mine.boot) return sameMachine ? 'earlier-boot' : 'elsewhere'
  // Without a boot id, only the name of the machine tells two kernels apart.
  if (mine.boot === noBoot && !sameMachine) return 'elsewhere'
  if (other.pids !== mine.pids || mine.pids === unknownPids) return 'other-namespace'
  return 'same'
}

function readSpace(): ProcessSpace {
  // macOS has no PID namespaces, and its host name changes with the network.
  if (process.platform !== 'linux') return { machine: process.platform, boot: noBoot, pids: '0' }
  const machine = `${hostname()} ${read('/etc/machine-id')}`
  const boot = read('/proc/sys/kernel/random/boot_id').slice(0, 8)
  return { machine: hash(machine), boot: boot === '' ? noBoot : boot, pids: readPids() }
}

function readPids(): string {
  try {
    // With the /proc of another namespace, a pid found there belongs to another process here.
    if (readlinkSync('/proc/self') !== String(process.pid)) return unknownPids
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? unknownPids
  } catch {
    return unknownPids
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}
