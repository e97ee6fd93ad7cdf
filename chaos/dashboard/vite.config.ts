import { join } from 'node:path'

import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    // The controller serves the first page; the workshop host serves the other two.
    rolldownOptions: {
      input: ['index', 'instructor', 'projector'].map((page) =>
        join(import.meta.dirname, `${page}.html`),
      ),
    },
  },
})
