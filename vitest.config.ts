import { defineConfig } from 'vitest/config'

const slow = ['**/*.{integration,e2e,docker,browser}.test.ts', '**/node_modules/**']

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
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['{chaos,labs}/**/*.e2e.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
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
          sequence: { groupOrder: 4 },
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
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
})
