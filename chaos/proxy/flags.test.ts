import { expect, test } from 'vitest'

import { parseProxyFlags } from './flags.ts'

test.each([
  [['-host', '0.0.0.0', '-port', '8475', '-config', 'a.json', '-seed', '42']],
  [['--host', '0.0.0.0', '--port=8475', '--config', 'a.json', '--seed=42']],
  [['-host=0.0.0.0', '-port=8475', '-config=a.json', '-seed=42']],
])('flags as toxiproxy-server takes them: %j', (args) => {
  expect(parseProxyFlags(args)).toMatchObject({
    host: '0.0.0.0',
    port: 8475,
    config: 'a.json',
    seed: 42,
  })
})

test('the environment stands behind the flags', () => {
  const environment = { LINKS_PORT: '1', LINKS_HOST: '::1', LINKS_SEED: '' }
  expect(parseProxyFlags(['-port', '2'], environment)).toEqual({
    port: 2,
    host: '::1',
    plainAccept: false,
    runtimeMetrics: false,
  })
})

test.each([
  [['-colour', 'red'], "Unknown option '--colour'"],
  [['-port', 'http'], '-port: must be a whole number from 0 to 65535, got "http".'],
  [['-seed', '-1'], 'seed'],
])('%j is an error that names the flag', (args, message) => {
  expect(() => parseProxyFlags(args)).toThrow(message)
})
