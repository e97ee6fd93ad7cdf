import { expect, test } from 'vitest'

import { parseProxyFlags } from './flags.ts'

test.each([
  [['-host', '0.0.0.0', '-port', '8475', '-config', 'a.json', '-seed', '42']],
  [['--host', '0.0.0.0', '--port=8475', '--config', 'a.json', '--seed=42']],
  [['-host=0.0.0.0', '-port=8475', '-config=a.json', '-seed=42']],
])('flags may be written as for toxiproxy-server: %j', (args) => {
  expect(parseProxyFlags(args)).toMatchObject({
    host: '0.0.0.0',
    port: 8475,
    config: 'a.json',
    seed: 42,
  })
})

test('a flag wins over its environment variable', () => {
  const environment = { LINKS_PORT: '1', LINKS_HOST: '::1', LINKS_SEED: '' }
  expect(parseProxyFlags(['-port', '2'], environment)).toEqual({
    port: 2,
    host: '::1',
    ownProxiesOnly: false,
    plainAccept: false,
    runtimeMetrics: false,
  })
})

test('the secret comes from the environment: there is no flag for it', () => {
  const environment = { LINKS_OWN_PROXIES_ONLY: '1', LINKS_SECRET: 'abc' }
  expect(parseProxyFlags([], environment)).toMatchObject({ ownProxiesOnly: true, secret: 'abc' })
  expect(parseProxyFlags(['-own-proxies-only'], { LINKS_SECRET: '' })).not.toHaveProperty('secret')
  expect(() => parseProxyFlags(['-secret', 'abc'])).toThrow(/-secret/)
})

test.each([
  [['-colour', 'red'], /-colour/],
  [['-port', 'http'], /-port.*"http"/],
  [['-port', '65536'], /-port.*"65536"/],
  [['-seed=-1'], /-seed.*"-1"/],
])('%j is an error that names the flag and the value', (args, message) => {
  expect(() => parseProxyFlags(args)).toThrow(message)
})
