import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expect, onTestFinished, test } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import { openCell } from './open-cell.ts'
import { allowsCells } from './testing/allows-cells.ts'
import type { AttackReport } from './testing/attack.ts'

const program = fileURLToPath(new URL('testing/attack.ts', import.meta.url))

/** A port, a Unix socket and a file that code in a cell must not reach. */
async function machine() {
  const folder = mkdtempSync(join(tmpdir(), 'unhappy-cell-'))
  const file = join(folder, 'file')
  writeFileSync(file, 'as before')
  const port = createServer()
  const socket = createServer()
  port.listen(0, '127.0.0.1')
  socket.listen(join(folder, 'socket'))
  await Promise.all([once(port, 'listening'), once(socket, 'listening')])
  onTestFinished(() => {
    port.close()
    socket.close()
    rmSync(folder, { recursive: true })
  })
  return {
    folder,
    file,
    port: (port.address() as AddressInfo).port,
    socket: join(folder, 'socket'),
  }
}

function processesWith(text: string): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(text)
    } catch {
      return false
    }
  })
}

test.skipIf(!allowsCells())(
  'code in a cell reaches no network, no process, no socket and no file of the machine, and ends with its cell',
  async () => {
    const { folder, file, port, socket } = await machine()
    const packageFile = readFileSync(join(projectRoot, 'package.json'), 'utf8')
    const cell = await openCell({
      cacheFolder: join(folder, 'no-cache'),
      clock: systemClock,
      signal: new AbortController().signal,
      program,
    })
    const answer = once(cell.child, 'message') as Promise<[{ readonly report: AttackReport }]>
    cell.child.send({ port, socket, pid: process.pid, file })
    const [{ report }] = await answer
    const before = processesWith('setInterval(() => {}, 1000)')
    await cell.kill()
    expect(report).toMatchObject({
      port: 'ECONNREFUSED',
      outside: 'ENETUNREACH',
      socket: 'ENOENT',
      signal: 'ESRCH',
      read: 'ENOENT',
      write: 'ENOENT',
      project: 'EROFS',
      binaries: expect.stringMatching(/EROFS|ETXTBSY/),
      settings: 'EROFS',
      devices: 'fd full null random shm urandom zero',
      processes: '',
      huge: expect.stringMatching(/EFBIG|ENOSPC/),
      threads: 'done',
      memory: expect.stringMatching(/allocation/i),
      own: 'done',
    })
    expect(report['kernel']).not.toBe('done')
    expect(before.length).toBeGreaterThan(0)
    expect(processesWith('setInterval(() => {}, 1000)')).toEqual([])
    expect(readFileSync(file, 'utf8')).toBe('as before')
    expect(readFileSync(join(projectRoot, 'package.json'), 'utf8')).toBe(packageFile)
    expect(readdirSync(join(projectRoot, '.unhappy', 'grading'))).toEqual([])
  },
)
