import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { describeWithDocker } from './testing/describe-with-docker.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const image = 'unhappy-path-seat'
const name = `unhappy-seat-test-${process.pid}`
/** Four times the limit that the docs give for an idle machine. */
const readyWithinMs = 32_000
const run = promisify(execFile)

const docker = async (...args: readonly string[]): Promise<string> =>
  (await run('docker', args, { maxBuffer: 16 * 1024 * 1024 })).stdout.trim()

/** As a cluster with strict rules runs it. Resolves with its address when it is ready. */
async function start(): Promise<string> {
  const options = [
    ['--detach', '--name', name, '--read-only', '--tmpfs', '/tmp', '--memory', '1g'],
    ['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--pids-limit', '400'],
    ['--volume', `${name}:/app/state`, '--publish', '127.0.0.1::20000'],
  ]
  await docker('run', ...options.flat(), image)
  const origin = `http://${await docker('port', name, '20000')}`
  const isUp = async (): Promise<boolean> =>
    await fetch(`${origin}/api/alive`).then(
      ({ ok }) => ok,
      () => false,
    )
  const isUpNow = async (): Promise<void> => assert(await isUp(), `${name} is not ready`)
  await vi.waitFor(isUpNow, { timeout: readyWithinMs, interval: 50 })
  return origin
}

async function remove(): Promise<void> {
  await docker('rm', '--force', name)
}

const inSeat = async (...args: readonly string[]): Promise<string> =>
  await docker('exec', name, 'unhappy', ...args)

describeWithDocker('a seat: a whole sandbox in one container', () => {
  let origin: string
  beforeAll(async () => {
    const file = ['--file', 'services/Dockerfile', '--target', 'seat', '--tag', image]
    execFileSync('docker', ['build', '--quiet', ...file, '.'], { cwd: root })
    origin = await start()
  }, 300_000)
  afterAll(async () => {
    await remove()
    await docker('volume', 'rm', name)
  }, 60_000)

  test('runs without root, capabilities or a writable file system of its own', async () => {
    const status = await docker('exec', name, 'cat', '/proc/1/status')
    expect(status).toMatch(/^CapEff:\s*0+$/m)
    expect(status).not.toMatch(/^Uid:\s*0\b/m)
    expect(await docker('exec', name, 'sh', '-c', 'touch /app/x 2>&1 || true')).toContain(
      'Read-only file system',
    )
  })

  test('opens with the link of its log, and with nothing else', async () => {
    expect((await fetch(`${origin}/`)).status).toBe(401)
    expect((await fetch(`${origin}/api/sandbox`)).status).toBe(401)
    const [, secret] = /\?secret=([\w-]+)/.exec(await docker('logs', name)) ?? []
    const page = await fetch(`${origin}/?secret=${secret}`, { redirect: 'manual' })
    expect(page.status).toBe(303)
    expect(page.headers.get('location')).toMatch(/^\/#key=/)
  })

  test('judges a lab, and keeps the work of a killed container', async () => {
    await inSeat('lab', 'start', 'lab-zero')
    const verdict = JSON.parse(
      await inSeat('lab', 'check', 'lab-zero', '--version', 'shop', '--quick', '--json'),
    ) as { readonly outcome: string }
    expect(verdict.outcome).toBe('held')
    const labsBefore = await inSeat('lab', 'list', '--json')
    await docker('kill', name)
    await remove()
    origin = await start()
    expect(await inSeat('lab', 'list', '--json')).toBe(labsBefore)
    expect(await docker('exec', name, 'ls', '/app/state/my-work/lab-zero')).toContain('.ts')
    expect(await docker('exec', name, 'ls', '/app/state/runs')).toContain('lab-zero')
  }, 180_000)
})
