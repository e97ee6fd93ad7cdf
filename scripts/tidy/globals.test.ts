import { expect, test } from 'vitest'

import { isForTests, sources } from './sources.ts'
import type { Source } from './sources.ts'

/** Lines of code, not of comments, that match; as `file:line`. */
function linesWith(pattern: RegExp, { file, text }: Source): readonly string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      pattern.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(line) ? [`${file}:${index + 1}`] : [],
    )
}

const running = sources(['ts'], ['chaos', 'services', 'labs']).filter(
  ({ file }) => !isForTests(file),
)

/** Where it stands and may not; and which of the files that may do not need to any more. */
function surprises(
  pattern: RegExp,
  files: readonly Source[],
  allowed: readonly string[] = [],
): readonly string[] {
  const found = files.flatMap((source) => linesWith(pattern, source))
  const isIn = (file: string, at: string): boolean => at.startsWith(`${file}:`)
  return [
    ...found.filter((at) => !allowed.some((file) => isIn(file, at))),
    ...allowed.filter((file) => !found.some((at) => isIn(file, at))),
  ]
}

test('what a process was started with is read in main.ts, config.ts and the CLI only', () => {
  const elsewhere = running.filter(
    ({ file }) => !/(^|\/)(main|config)\.ts$/.test(file) && !file.startsWith('chaos/cli/'),
  )
  const allowed = [
    // Programs of their own, each of one file.
    'chaos/exercise/probe-seam-child.ts',
    'chaos/runtime/docker/sidecars/lease-keeper.ts',
    'chaos/runtime/local/stores/compile-redis.ts',
    'chaos/runtime/local/warm-compile-cache.ts',
    // They hand what they have on to a child.
    'chaos/exercise/probe-seam.ts',
    'chaos/api/xrays/start-xray.ts',
  ]
  expect(surprises(/\bprocess\.(env|argv)\b/, elsewhere, allowed)).toEqual([])
})

test('time in chaos/ comes from a clock that is an argument', () => {
  const inChaos = running.filter(
    ({ file }) =>
      file.startsWith('chaos/') &&
      !file.startsWith('chaos/dashboard/') &&
      file !== 'chaos/lib/clock.ts',
  )
  const bare =
    /(?<![.\w])(setTimeout|setInterval)\(|\b(Date|performance)\.now\(|new Date\(\)|node:timers/
  const allowed = [
    // The data plane's hot path: a deadline is compared for every chunk of every connection.
    'chaos/proxy/plane/connection.ts',
    'chaos/proxy/http/event-stream.ts',
    'chaos/proxy/plane/attach-inspector.ts',
    'chaos/proxy/time/lease.ts',
    'chaos/proxy/plane/tail.ts',
    'chaos/proxy/time/timers.ts',
    'chaos/proxy/time/waker.ts',
    // Runs alone in a container that has nothing but Node.
    'chaos/runtime/docker/sidecars/lease-keeper.ts',
  ]
  expect(surprises(bare, inChaos, allowed)).toEqual([])
})

test('chance in chaos/ comes from a seed', () => {
  const inChaos = running.filter(
    ({ file }) => file.startsWith('chaos/') && file !== 'chaos/lib/random.ts',
  )
  expect(surprises(/\bMath\.random\(/, inChaos)).toEqual([])
})
