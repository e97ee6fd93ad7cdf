import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify, stripVTControlCharacters } from 'node:util'

import { readablePath } from './folders.ts'

const run = promisify(execFile)
const script = fileURLToPath(new URL('./probe-seam-child.ts', import.meta.url))
const limitMs = 10_000

export type ProbeResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly kind: 'load' | 'export'; readonly problem: string }

/**
 * Loads a seam file as the shop does, and looks for its export. It does so in another process: a file that never ends
 * loading, or that ends the process, does no harm. `problem` continues a sentence that starts with the file's name.
 */
export async function probeSeam(path: string, exportName: string): Promise<ProbeResult> {
  try {
    const { stdout } = await run(process.execPath, [script, path, exportName], {
      timeout: limitMs,
      killSignal: 'SIGKILL',
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', FORCE_COLOR: undefined },
    })
    return JSON.parse(
      stdout.split('\n').findLast((line) => line.startsWith('{')) ?? '',
    ) as ProbeResult
  } catch (error) {
    const { killed, stderr } = error as { killed?: boolean; stderr?: string }
    if (killed === true)
      return {
        ok: false,
        kind: 'load',
        problem: `does not load within ${limitMs / 1_000} s. A seam file only defines functions: move other work into them.`,
      }
    return {
      ok: false,
      kind: 'load',
      problem: `does not load:\n${excerpt(stderr ?? String(error))}`,
    }
  }
}

/** The lines of Node's error that name the place and the mistake, without stack and Node's own frames. */
function excerpt(stderr: string): string {
  const text = stripVTControlCharacters(stderr)
    .replace(/^node:internal.*\n(?:.*\n)*?(?=\S*file:|\w*Error|\w+ \[ERR)/, '')
    .replaceAll(/file:\/\/\S+/g, (url) => readablePlace(url))
  const lines = text
    .split('\n')
    .filter(
      (line) => line.trim() !== '' && !/^\s+at |^Node\.js v|^\(Use `node|^ {2}code:|^}$/.test(line),
    )
  return lines
    .slice(0, 6)
    .map((line) => `  ${line.replace(/ \{$/, '')}`)
    .join('\n')
}

/** `file:///home/you/project/my-work/x.ts:3` as `my-work/x.ts:3`. */
function readablePlace(url: string): string {
  const [, address = '', place = ''] = /^(.*?)((?::\d+)*)$/.exec(url) ?? []
  try {
    return `${readablePath(fileURLToPath(address))}${place}`
  } catch {
    return url
  }
}
