import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'
import { parse } from 'yaml'

import { projectRoot } from '#chaos/home/home.ts'
import { describeWithDocker } from '#chaos/runtime/docker/testing/describe-with-docker.ts'

const run = promisify(execFile)
const folder = join(projectRoot, 'examples')
const entries = await readdir(folder, { withFileTypes: true })
const examples = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)

interface FlowFile {
  readonly requests: readonly [{ readonly send: string; readonly body: object }]
  readonly to: string
}

describeWithDocker('the examples as external projects', () => {
  test('there are three', () => expect(examples).toHaveLength(3))

  test.each(examples)('%s starts, and serves the request of its flow file', async (name) => {
    const cwd = join(folder, name)
    const compose = async (...args: readonly string[]): Promise<string> =>
      (await run('docker', ['compose', ...args], { cwd, maxBuffer: 2 ** 24 })).stdout
    const [file = ''] = (await readdir(cwd)).filter((one) => one.endsWith('.flow.yaml'))
    const text = await readFile(join(cwd, file), 'utf8')
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(10)
    const { requests, to } = parse(text.replaceAll('{{id}}', 'o-test-1')) as FlowFile
    const [{ send, body }] = requests
    const [method = '', path = ''] = send.split(' ')
    try {
      await compose('up', '--build', '--detach', '--wait')
      const services = JSON.parse(await compose('config', '--format', 'json')) as {
        services: Record<string, { ports: readonly [{ published: string }] }>
      }
      const port = services.services[to]?.ports[0].published
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      expect(response.status, await response.text()).toBe(201)
    } finally {
      await compose('down', '--volumes', '--timeout', '1', '--rmi', 'local')
    }
  })
})
