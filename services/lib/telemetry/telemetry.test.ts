import { spawnSync } from 'node:child_process'

import { expect, test } from 'vitest'

import { readEnvironment } from '../config/environment.ts'
import { readTelemetryConfig } from '../config/telemetry-config.ts'
import { noTelemetry } from './telemetry.ts'
import type { Telemetry } from './telemetry.ts'
import { parseTraceparent, takeTraceparent, withTraceparent } from './traceparent.ts'

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const inside: Telemetry = { ...noTelemetry, isOn: true, traceparent: () => traceparent }

test.each([
  [traceparent, traceparent],
  ['00-00000000000000000000000000000000-b7ad6b7169203331-01', undefined],
  ['00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01', undefined],
  ['00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01', undefined],
  [`${traceparent}-more`, undefined],
  ['', undefined],
  [7, undefined],
  [[traceparent], undefined],
  [undefined, undefined],
])('of %j, %j is a traceparent', (value, expected) => {
  expect(parseTraceparent(value)).toBe(expected)
})

test('a message carries the active span, and its reader receives it without that', () => {
  const message = { version: 1, orderId: 'o-1' }
  const sent = withTraceparent(message, inside)
  expect(sent).toEqual({ ...message, traceparent })
  expect(takeTraceparent(sent)).toEqual({ message, traceparent })
})

test('while telemetry is off, a message stays the same', () => {
  const message = { version: 1, orderId: 'o-1' }
  expect(withTraceparent(message, noTelemetry)).toBe(message)
})

test('a traceparent that is not valid is dropped, and the message is kept', () => {
  const message = { orderId: 'o-1', traceparent: { text: 'x' } }
  expect(takeTraceparent(message)).toEqual({ message: { orderId: 'o-1' }, traceparent: undefined })
})

test('telemetry is off unless the environment names a receiver', () => {
  const endpointOf = (environment: Record<string, string>) =>
    readTelemetryConfig(readEnvironment(environment)).endpoint
  expect(endpointOf({})).toBeUndefined()
  expect(endpointOf({ OTEL_EXPORTER_OTLP_ENDPOINT: '' })).toBeUndefined()
  expect(endpointOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' })).toBe('http://c:4318')
  expect(() => endpointOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'c:4318' })).toThrow(
    'OTEL_EXPORTER_OTLP_ENDPOINT must be a URL',
  )
})

test('while telemetry is off, none of its packages is loaded', () => {
  // Prints the modules that the service loads. prom-client loads the API package itself, which does nothing.
  const script = `
    import { registerHooks } from 'node:module'
    registerHooks({ load(url, context, next) { if (/opentelemetry\\/(?!api\\/)/.test(url)) console.log(url); return next(url, context) } })
    const { createPaymentsApp } = await import('#services/payments/app.ts')
    const { readPaymentsConfig } = await import('#services/payments/config.ts')
    const service = await createPaymentsApp(readPaymentsConfig(process.env))
    await service.stop()
    process.exit(0)`
  const loaded = (environment: Record<string, string>): string => {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', script],
      {
        cwd: new URL('../../..', import.meta.url),
        encoding: 'utf8',
        env: {
          PATH: process.env['PATH'],
          LEAVE_BALANCER_MS: '0',
          NODE_NO_WARNINGS: '1',
          ...environment,
        },
      },
    )
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    return stdout
  }
  expect(loaded({})).toBe('')
  // The same look finds them when they are loaded.
  expect(loaded({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })).toContain('sdk-trace')
})
