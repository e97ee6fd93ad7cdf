import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { InputError } from '#chaos/lib/errors.ts'

import { runProxy } from './run-proxy.ts'
import { listenOn } from './testing/link-lab.ts'

async function configFile(content: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'config-file-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'proxies.json')
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

/** How a data plane fails that starts with this file: the message without the file's path, and the remedy. */
async function failureWith(config: string): Promise<{ message: string; remedy: string }> {
  const error: unknown = await runProxy({ port: 0, config }).then(
    async (proxy) => await proxy[Symbol.asyncDispose](),
    (reason: unknown) => reason,
  )
  if (!(error instanceof InputError)) throw new Error('no InputError', { cause: error })
  expect(error.message.startsWith(config)).toBe(true)
  return { message: error.message.slice(config.length), remedy: error.remedy ?? '' }
}

const good = { name: 'a', listen: '127.0.0.1:0', upstream: '127.0.0.1:1' }
const toxicIn = (toxic: object): object[] => [{ ...good, toxics: [{ type: 'noop' }, toxic] }]

// A file, what the message says after the path, and a word of the remedy.
test.each([
  ['empty', '', / empty/, 'Example'],
  ['cut off', '[{"name":"a",', /JSON.* ends too early/, 'Example'],
  ['not JSON', '[\n  {"name": oops}]', /JSON.*"o".*line 2, column 12/, 'Example'],
  ['not a list', '{"proxies": 1}', /must be an array.*"proxies"/, 'Example'],
  ['an entry that is not an object', [good, 5], /proxy 2.*object.*5/, 'Example'],
  ['no upstream', [{ name: 'a' }], /proxy 1.*"upstream" is missing/, 'Example'],
  [
    'a wrong type',
    [{ ...good, enabled: 'yes' }],
    /proxy 1.*enabled.*true or false.*"yes"/,
    'Example',
  ],
  [
    'an unknown protocol',
    [{ ...good, protocol: 'smtp' }],
    /proxy 1.*protocol.*redis.*"smtp"/,
    'Example',
  ],
  ['a name twice', [good, { ...good, name: 'b' }, good], /proxy 3.*"a".*proxy 1/, 'own name'],
  [
    'a listen without a port',
    [good, { ...good, name: 'b', listen: 'here' }],
    /proxy 2.*"here".*host:port/,
    '127.0.0.1:3310',
  ],
  [
    'a listen of another machine',
    [{ ...good, listen: '192.0.2.1:0' }],
    /proxy 1.*192\.0\.2\.1:0/,
    '127.0.0.1',
  ],
  ['an unknown toxic', toxicIn({ type: 'latncy' }), /proxy 1, toxic 2.*"latncy"/, 'latency'],
  [
    'a wrong stream',
    toxicIn({ type: 'latency', stream: 'up' }),
    /toxic 2.*stream.*"up"/,
    'toxic kinds',
  ],
  [
    'a wrong type of attribute',
    toxicIn({ type: 'latency', attributes: { latency: '5' } }),
    /toxic 2.*attributes\.latency.*whole number.*"5"/,
    'toxic kinds',
  ],
  [
    'an attribute out of range',
    toxicIn({ type: 'latency', attributes: { latency: -5 } }),
    /toxic 2.*attributes\.latency.*-5/,
    'toxic kinds',
  ],
  ['a toxic twice', toxicIn({ type: 'noop' }), /proxy 1.*toxics.*same name/, 'Example'],
])(
  'a file that is or has %s: the message names the place and the value',
  async (_, content, message, remedy) => {
    const failure = await failureWith(await configFile(content))
    expect(failure.message).toMatch(message)
    expect(failure.remedy).toContain(remedy)
    expect(failure.message).not.toMatch(/unmarshal|Go |struct|bad request|EOF|int64/)
  },
)

test('an address in use is named once, with the proxy', async () => {
  await using taken = await listenOn(() => {})
  const failure = await failureWith(
    await configFile([good, { ...good, name: 'b', listen: taken.address }]),
  )
  expect(failure.message).toMatch(/proxy 2/)
  expect(failure.message.split(taken.address)).toHaveLength(2)
  expect(failure.message.match(/in use/g)).toHaveLength(1)
  expect(failure.message).not.toMatch(/EADDRINUSE|bind|tcp/)
  expect(failure.remedy).toContain('listen')
})

test('a missing file and a folder are named as such', async () => {
  const file = await configFile([])
  expect(await failureWith(`${file}.none`)).toMatchObject({
    message: expect.stringMatching(/not exist/) as string,
    remedy: expect.stringContaining('path') as string,
  })
  expect(await failureWith(join(file, '..'))).toMatchObject({
    message: expect.stringMatching(/folder/) as string,
  })
})

test('unknown fields are ignored, as in Toxiproxy', async () => {
  const config = await configFile([{ ...good, Logger: {}, colour: 'red' }])
  await using proxy = await runProxy({ port: 0, config })
  expect([...proxy.plane.links.keys()]).toEqual(['a'])
})
