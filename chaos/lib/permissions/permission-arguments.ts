import { join } from 'node:path'

/** What a process may do with files. All paths are absolute. */
export interface FilePermissions {
  /** Files and folders. */
  readonly read: readonly string[]
  /** Files and folders, or the beginnings of their paths with `*` at the end. */
  readonly write?: readonly string[]
}

/**
 * Arguments of Node for a process that may touch only these files. It can start threads, which have the same permissions, and
 * neither processes nor native code. Node limits neither its network nor its signals, and SQLite ignores the limits on files.
 */
export function permissionArguments({ read, write = [] }: FilePermissions): readonly string[] {
  return [
    '--permission',
    '--allow-worker',
    // It would be one line of each start of an instance.
    '--disable-warning=SecurityWarning',
    ...read.map((path) => `--allow-fs-read=${path}`),
    ...write.map((path) => `--allow-fs-write=${path}`),
  ]
}

const programs = ['package.json', 'node_modules', 'services', 'chaos']

/** What a process must be able to read that loads code from this folder: the folder, and the programs of the project. */
export function codeReads(projectRoot: string, folder: string): readonly string[] {
  return [...programs.map((name) => join(projectRoot, name)), folder]
}

/** Whether this version of Node can limit what a process touches. */
export function hasPermissions(): boolean {
  return process.allowedNodeEnvironmentFlags.has('--permission')
}
