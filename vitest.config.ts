import { defineConfig } from 'vitest/config'

const slow = ['**/*.{integration,e2e,long,verify,docker,browser}.test.ts', '**/node_modules/**']

export default defineConfig({
  test: {
    // Node runs the sources itself, so a missing extension or an enum fails here too.
    experimental: { viteModuleRunner: false },
    // The default of 1 s is too short for a busy machine.
    expect: { requireAssertions: true, poll: { timeout: 20_000 } },
    // Groups start at 1, because a group 0 with one worker would run last.
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{chaos,services,labs,bench,scripts}/**/*.test.ts'],
          exclude: slow,
          // Imports take most of the time, so files share a worker. No file may leave state behind for another one.
          isolate: false,
          // Long, so a busy machine does not fail a test.
          testTimeout: 20_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['{chaos,services}/**/*.integration.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // Half of the time is waiting, so two files run at once. Each file has its own stores and ports.
          maxWorkers: 2,
          isolate: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['{chaos,scripts}/**/*.e2e.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 3,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: 'long',
          include: ['{chaos,labs,scripts}/**/*.long.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          // labs.long.test.ts has two sandboxes, so it runs two labs at once.
          maxConcurrency: 2,
          sequence: { groupOrder: 4 },
        },
      },
      {
        extends: true,
        test: {
          // `npm run verify -- --only tests` runs these.
          name: 'verify',
          include: ['{chaos,scripts}/**/*.verify.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          sequence: { groupOrder: 4 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['chaos/**/*.browser.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          sequence: { groupOrder: 5 },
        },
      },
      {
        extends: true,
        test: {
          name: 'docker',
          include: ['chaos/**/*.docker.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: 1,
          sequence: { groupOrder: 6 },
        },
      },
    ],
  },
})
