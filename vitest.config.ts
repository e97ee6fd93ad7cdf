import { defineConfig } from 'vitest/config'

const slow = ['**/*.{integration,e2e,long,docker,browser}.test.ts', '**/node_modules/**']

export default defineConfig({
  test: {
    // Run the sources as Node runs them: a missing extension or an enum fails here too.
    experimental: { viteModuleRunner: false },
    // Generous, too: 1 s by default.
    expect: { requireAssertions: true, poll: { timeout: 20_000 } },
    // Groups start at 1: a group 0 with one worker would run last.
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{chaos,services,labs,bench,scripts}/**/*.test.ts'],
          exclude: slow,
          // Most of the time would be imports: no file leaves anything behind that another one could see.
          isolate: false,
          // Generous: a machine that is busy with something else is no failure.
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
          // Half of the time is waiting. Each file has stores and ports of its own.
          maxWorkers: 2,
          isolate: false,
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
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: 'long',
          include: ['{chaos,labs}/**/*.long.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          // Of labs: as many as labs.long.test.ts has sandboxes.
          maxConcurrency: 2,
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
