import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

export const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0

export interface PrometheusSample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: number
}

export interface Prometheus extends AsyncDisposable {
  /** Rejects if the expression is not valid. */
  query(expression: string): Promise<readonly PrometheusSample[]>
  /** Names of the alerts, with the error of their last evaluation. */
  alerts(): Promise<readonly { readonly name: string; readonly health: string }[]>
}

/** Runs the real Prometheus with these files. The first one is its configuration. */
export async function startPrometheus(
  files: readonly { readonly name: string; readonly text: string }[],
): Promise<Prometheus> {
  const folder = await mkdtemp(path.join(tmpdir(), 'unhappy-prometheus-'))
  for (const { name, text } of files) await writeFile(path.join(folder, name), text)
  const port = await freePort()
  const child = spawn(
    'prometheus',
    [
      `--config.file=${path.join(folder, files[0]?.name ?? '')}`,
      `--storage.tsdb.path=${path.join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let output = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
      if (output.includes('Server is ready')) resolve()
    })
    child.once('exit', () => reject(new Error(`Prometheus ended: ${output}`)))
  })
  async function get(address: string): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${address}`)
    const { status, data, error } = (await response.json()) as Record<string, unknown>
    if (status !== 'success') throw new Error(String(error))
    return data
  }
  return {
    async query(expression) {
      const data = await get(`query?query=${encodeURIComponent(expression)}`)
      const { result } = data as {
        result: { metric: Record<string, string>; value: [number, string] }[]
      }
      return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }))
    },
    async alerts() {
      const { groups } = (await get('rules')) as {
        groups: { rules: { name: string; health: string }[] }[]
      }
      return groups.flatMap(({ rules }) => rules.map(({ name, health }) => ({ name, health })))
    },
    async [Symbol.asyncDispose]() {
      child.removeAllListeners('exit')
      child.kill('SIGKILL')
      await once(child, 'close')
      await rm(folder, { recursive: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
