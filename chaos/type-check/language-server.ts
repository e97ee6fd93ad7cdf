import { spawn, type ChildProcess } from 'node:child_process'
import { setPriority } from 'node:os'

import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node'

/** Go's garbage collector keeps the heap below this, if it can. */
const heapMiB = 256
/** A run beside it needs the processor more. */
const niceness = 5

/** A process that speaks the Language Server Protocol over its standard input and output. */
export interface LanguageServer extends AsyncDisposable {
  readonly pid: number
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>
  request<T>(method: string, params: unknown): Promise<T>
  notify(method: string, params: unknown): void
}

/**
 * Starts the server. It ends when its standard input closes, so it never outlives this process, however that ends. Rejects
 * if it does not start.
 */
export async function startLanguageServer(
  executable: string,
  args: readonly string[] = ['--lsp', '--stdio'],
): Promise<LanguageServer> {
  const child = spawn(executable, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    // It needs no variable of this process.
    env: { GOMEMLIMIT: `${heapMiB}MiB`, GOMAXPROCS: '2' },
    windowsHide: true,
  })
  const ended = endOf(child)
  await Promise.race([spawned(child), ended])
  const { pid, stdin, stdout } = child
  if (pid === undefined || stdin === null || stdout === null)
    throw new Error(`${executable} does not start.`)
  lowerPriority(pid)
  stdin.on('error', () => undefined)
  const connection = createMessageConnection(
    new StreamMessageReader(stdout),
    new StreamMessageWriter(stdin),
  )
  // A process that is gone closes the connection: every open request must then reject.
  void ended.then(() => connection.dispose())
  connection.onError(() => child.kill('SIGKILL'))
  answerQuestions(connection)
  connection.listen()
  const request = async <T>(method: string, params: unknown): Promise<T> =>
    await connection.sendRequest<T>(method, params)
  const notify = (method: string, params: unknown): void => {
    connection.sendNotification(method, params).catch(() => undefined)
  }
  const dispose = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  try {
    await request('initialize', { processId: process.pid, rootUri: null, capabilities })
  } catch (error) {
    await dispose()
    throw error
  }
  notify('initialized', {})
  return { pid, ended, request, notify, [Symbol.asyncDispose]: dispose }
}

const capabilities = {
  workspace: { configuration: true },
  textDocument: {
    hover: { contentFormat: ['markdown'] },
    completion: { completionItem: { snippetSupport: false } },
  },
}

/** A completion adds no import: thousands of names of packages would hide the few of the file. */
const settings = { suggest: { autoImports: false } }

/** The server asks for settings, and whether it may register more. */
function answerQuestions(connection: MessageConnection): void {
  connection.onRequest((method: string, params: unknown) => {
    if (method !== 'workspace/configuration') return null
    const { items = [] } = (params ?? {}) as { readonly items?: readonly unknown[] }
    return items.map(() => settings)
  })
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, niceness)
  } catch {
    // Not permitted here, or the process is gone: its `ended` says so.
  }
}

async function spawned(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
}

async function endOf(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve) => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })
}
