import { expect, test } from 'vitest'

import { isForTests, sources } from './sources.ts'
import type { Source } from './sources.ts'

/** The lines of code, without comments, that match, as `file:line`. */
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

/** Lines that match in a file that is not allowed, and allowed files without a match. */
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

test('only main.ts, config.ts and the CLI read process.env and process.argv', () => {
  const elsewhere = running.filter(
    ({ file }) => !/(^|\/)(main|config)\.ts$/.test(file) && !file.startsWith('chaos/cli/'),
  )
  const allowed = [
    // Separate programs, each in one file.
    'chaos/shop/seams/probe-seam-child.ts',
    'chaos/runtime/docker/sidecars/lease-keeper.ts',
    'chaos/runtime/local/stores/compile-redis.ts',
    'chaos/runtime/local/warm-compile-cache.ts',
    // Node loads it into every instance.
    'chaos/runtime/clock/skewed-date.ts',
    // They pass their environment to a child process.
    'chaos/shop/seams/probe-seam.ts',
    'chaos/api/xrays/start-xray.ts',
    // It changes the environment that the learner's code sees.
    'chaos/shop/probes/fakes/payments/look-like-worker.ts',
  ]
  expect(surprises(/\bprocess\.(env|argv)\b/, elsewhere, allowed)).toEqual([])
})

test('code in chaos/ receives its clock as an argument', () => {
  const inChaos = running.filter(
    ({ file }) =>
      file.startsWith('chaos/') &&
      !file.startsWith('chaos/dashboard/') &&
      file !== 'chaos/lib/clock.ts',
  )
  const bare =
    /(?<![.\w])(setTimeout|setInterval)\(|\b(Date|performance)\.now\(|new Date\(\)|node:timers/
  const allowed = [
    // Replaces the timers and clocks of a process of its own.
    'chaos/shop/probes/time/virtual-time.ts',
    // The data plane's hot path: it compares a deadline for every chunk of every connection.
    'chaos/proxy/plane/connection.ts',
    'chaos/proxy/http/event-stream.ts',
    'chaos/proxy/plane/attach-inspector.ts',
    'chaos/proxy/time/lease.ts',
    'chaos/proxy/plane/tail.ts',
    'chaos/proxy/time/timers.ts',
    'chaos/proxy/time/waker.ts',
    // Runs in a container that contains only Node.
    'chaos/runtime/docker/sidecars/lease-keeper.ts',
    // Its thread has one purpose: to end this process when the parent is gone.
    'chaos/shop/seams/probe-seam-child.ts',
  ]
  expect(surprises(bare, inChaos, allowed)).toEqual([])
})

test('random numbers in chaos/ come from a seed', () => {
  const inChaos = running.filter(
    ({ file }) => file.startsWith('chaos/') && file !== 'chaos/lib/random.ts',
  )
  expect(surprises(/\bMath\.random\(/, inChaos)).toEqual([])
})
