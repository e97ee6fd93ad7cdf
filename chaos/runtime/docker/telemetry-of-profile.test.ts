import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'

import { system } from '#chaos/system.ts'

const root = new URL('../../../', import.meta.url)
const textOf = (name: string): string => readFileSync(new URL(name, root), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'telemetry-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Dependency {
  readonly condition: string
  readonly required?: boolean
}
const { services, volumes } = parse(textOf('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly command: readonly string[]
        readonly profiles?: readonly string[]
        readonly volumes?: readonly string[]
        readonly depends_on?: Readonly<Record<string, Dependency>>
      }
    >
  >
  readonly volumes: Readonly<Record<string, { readonly driver_opts?: { readonly type: string } }>>
}
const [shell = '', ...script] = services['telemetry']?.command ?? []
const exporting = [...system.topology.instances.map(({ name }) => name), 'chaos']

/** What a process receives as the address of the receiver, after the profile's service ran or without it. */
function endpointOf(environment: Readonly<Record<string, string>>, settings = folder): string {
  const own = { PATH: process.env['PATH'] ?? '', TELEMETRY_FOLDER: settings, ...environment }
  const script = new URL('image/with-settings', import.meta.url).pathname
  const print = 'echo "${OTEL_EXPORTER_OTLP_ENDPOINT:-}"'
  return execFileSync('sh', [script, 'sh', '-c', print], { env: own, encoding: 'utf8' }).trim()
}

test('without the profile a process receives no receiver', () => {
  expect(endpointOf({}, join(folder, 'absent'))).toBe('')
  expect(endpointOf({ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, join(folder, 'absent'))).toBe('')
})

test('with the profile a process exports to the collector, unless the user names another receiver', () => {
  const here = script.map((text) => text.replace('/run/telemetry', folder))
  execFileSync(shell, here)
  const { hostname, port } = new URL(endpointOf({ OTEL_EXPORTER_OTLP_ENDPOINT: '' }))
  expect(services[hostname]?.profiles).toEqual(['observability'])
  const collector = parse(textOf('chaos/observability/collector.yml')) as {
    receivers: { otlp: { protocols: { http: { endpoint: string } } } }
  }
  expect(collector.receivers.otlp.protocols.http.endpoint).toBe(`0.0.0.0:${port}`)
  const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://127.0.0.1:9'
  expect(endpointOf({ OTEL_EXPORTER_OTLP_ENDPOINT })).toBe(OTEL_EXPORTER_OTLP_ENDPOINT)
})

test.each(exporting)('%s starts after the address is written, and reads it', (name) => {
  const { depends_on: after, volumes: mounted = [], command = [] } = services[name] ?? {}
  // Not required: without the profile the service does not exist.
  expect(after?.['telemetry']).toEqual({
    condition: 'service_completed_successfully',
    required: false,
  })
  expect(mounted).toContain('telemetry:/run/telemetry:ro')
  // The controller has another entry point.
  expect(command.includes('with-settings')).toBe(name === 'chaos')
})

test('the address is in memory: it is gone when no container uses it', () => {
  expect(volumes['telemetry']?.driver_opts?.type).toBe('tmpfs')
  expect(services['telemetry']?.volumes).toEqual(['telemetry:/run/telemetry'])
})

const compose = (...args: readonly string[]) =>
  spawnSync('docker', ['compose', '--file', 'docker-compose.yml', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder },
  })

test.skipIf(compose('version').status !== 0)(
  'Compose accepts the file with the profile and without it',
  () => {
    const names = (...flags: readonly string[]): readonly string[] => {
      const { stdout, stderr, status } = compose(...flags, 'config', '--services')
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
      return stdout.trim().split('\n')
    }
    expect(names()).not.toContain('telemetry')
    expect(names('--profile', 'observability')).toEqual(
      expect.arrayContaining(['telemetry', 'collector', 'jaeger']),
    )
  },
)
